"""Several coordinators issue at the same moment: numbers have no gap and nobody gets two.

Each guard has a twin in which it is taken away, and there the race shows.
"""

from datetime import date
from time import sleep

import pytest
from django.db import IntegrityError

from accounts.models import User
from papers.actions import Signature, issue_certificates, reissue_certificate, revoke_certificate
from papers.actions import certificate as acting
from papers.models import Certificate, CertificateCounter
from programs.models import Cohort, Enrollment
from tests.factories import NOW, CohortFactory, lay_course, lay_graduate
from tests.programs.test_races import Act, at_once
from villages.models import Person

pytestmark = pytest.mark.django_db(transaction=True)

PAUSE = 0.3
SIGNATURE = Signature("Lamongan", date(2026, 10, 1), "Nur Hidayat", "Kepala Dinas")


def issuing(cohort: Cohort, people: list[Enrollment], by: User) -> Act:
    return lambda: issue_certificates(cohort, enrollments=people, signature=SIGNATURE, by=by, at=NOW)


def classes(like: Cohort, size: int) -> list[tuple[Cohort, list[Enrollment]]]:
    """Lay as many cohorts as wanted, each with two people who may get a certificate."""
    cohorts = [like, *(CohortFactory.create(program=like.program) for _ in range(size - 1))]
    courses = [lay_course(cohort) for cohort in cohorts]
    return [(cohort, [lay_graduate(course) for _ in range(2)]) for cohort, course in zip(cohorts, courses, strict=True)]


@pytest.fixture
def slow_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause between reading the counter and writing it."""
    read = acting.counter_of

    def later(year: int) -> CertificateCounter:
        counter = read(year)
        sleep(PAUSE)
        return counter

    monkeypatch.setattr(acting, "counter_of", later)


@pytest.fixture
def unheld_counter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the counter without holding it."""
    monkeypatch.setattr(acting, "counter_of", lambda year: CertificateCounter.objects.get_or_create(year=year)[0])


@pytest.mark.usefixtures("slow_hand")
def test_numbers_of_many_hands_have_no_gap(cohort: Cohort, sari: User) -> None:
    raised = at_once(*(issuing(each, people, sari) for each, people in classes(cohort, 4)))
    assert raised == [None] * 4
    assert sorted(int(row.number[8:14]) for row in Certificate.objects.all()) == [*range(1, 9)]
    assert CertificateCounter.objects.get().last == 8


@pytest.mark.usefixtures("unheld_counter", "slow_hand")
def test_without_the_held_counter_two_hands_take_one_number(cohort: Cohort, sari: User) -> None:
    CertificateCounter.objects.create(year=2026)
    raised = at_once(*(issuing(each, people, sari) for each, people in classes(cohort, 2)))
    (refusal,) = [error for error in raised if error]
    assert isinstance(refusal, IntegrityError)
    assert "certificate_number_is_given_once" in str(refusal)


def test_refused_issue_gives_its_numbers_back(cohort: Cohort, sari: User) -> None:
    (first, people), (second, others) = classes(cohort, 2)
    Enrollment.objects.filter(pk=people[1].pk).update(state="withdrawn", reason="moved")
    raised = at_once(issuing(first, people, sari), issuing(second, others, sari))
    assert raised[0] is not None
    assert sorted(int(row.number[8:14]) for row in Certificate.objects.all()) == [1, 2]


@pytest.mark.usefixtures("slow_hand")
def test_two_presses_on_issue_give_one_each(cohort: Cohort, sari: User) -> None:
    ((_cohort, people),) = classes(cohort, 1)
    assert at_once(issuing(cohort, people, sari), issuing(cohort, people, sari)) == [None, None]
    assert Certificate.objects.count() == CertificateCounter.objects.get().last == 2


@pytest.mark.usefixtures("slow_hand")
def test_without_the_held_cohort_the_constraint_still_refuses(
    cohort: Cohort, sari: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acting, "_hold", lambda _cohort: None)
    ((_cohort, people),) = classes(cohort, 1)
    (refusal,) = [error for error in at_once(*[issuing(cohort, people, sari)] * 2) if error]
    assert isinstance(refusal, IntegrityError)
    assert "one_valid_certificate_per_participant" in str(refusal)
    assert Certificate.objects.count() == CertificateCounter.objects.get().last == 2


def test_revoking_and_correcting_at_once_leave_one_truth(cohort: Cohort, sari: User) -> None:
    ((_cohort, people),) = classes(cohort, 1)
    issue_certificates(cohort, enrollments=people[:1], signature=SIGNATURE, by=sari, at=NOW)
    Person.objects.filter(pk=people[0].person_id).update(name="Lidia Wati Suprapto")
    mine, theirs = Certificate.objects.get(), Certificate.objects.get()
    raised = at_once(
        lambda: revoke_certificate(mine, reason="Wrong course", by=sari, at=NOW),
        lambda: reissue_certificate(theirs, by=sari, at=NOW),
    )
    assert len([error for error in raised if error]) == 1
    assert Certificate.objects.valid().count() == (1 if raised[1] is None else 0)
    serials = [int(row.number[8:14]) for row in Certificate.objects.order_by("number")]
    assert serials == [*range(1, len(serials) + 1)]
    assert CertificateCounter.objects.get().last == len(serials)
