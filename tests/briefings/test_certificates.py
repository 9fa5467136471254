"""Certificates are told once per number, to who agreed, and not after they were revoked."""

from datetime import timedelta

import pytest

from accounts.models import User
from briefings.planning import plan_notices
from papers.actions import revoke_certificate
from papers.models import Certificate
from programs.models import Cohort
from reminders.models import Message
from reminders.states import Kind
from tests import factories
from tests.briefings.worlds import local, looked, notices, only, queries, rows, says, verdict
from tests.reminders.worlds import household, send, texts
from villages.actions import anonymise_person, opt_in, opt_out, withdraw_consent
from villages.models import ContactPoint, Person
from villages.states import Purpose

ISSUED = local("2026-10-01 09:00")
SOON, DAY = ISSUED + timedelta(minutes=5), timedelta(days=1)


def certify(cohort: Cohort, *people: Person, **columns: object) -> list[Certificate]:
    """Give people their certificates."""
    enrollments = cohort.enrollments.filter(person__in=people).order_by("person__name")
    return [
        factories.CertificateFactory.create(enrollment=each, **{"issued_at": ISSUED, **columns}) for each in enrollments
    ]


def planned() -> Message:
    """Read the one that is planned."""
    return Message.objects.get(kind=Kind.CERTIFICATE, state="planned")


@pytest.fixture
def number(cohort: Cohort) -> ContactPoint:
    """Three who share a number."""
    return household(cohort, "Lidia Wati", "Siti Aminah", "Tutik")


def test_household_gets_one_text_for_all_its_certificates(cohort: Cohort, number: ContactPoint) -> None:
    certify(cohort, *number.people.all())
    plan_notices(at=SOON)
    message = only(Kind.CERTIFICATE)
    assert (message.due_at, message.contact_point, message.people.count()) == (ISSUED, number, 3)
    before = rows()
    for minute in range(100):
        plan_notices(at=SOON + timedelta(minutes=minute))
    assert rows() == before
    said = says(message, SOON)
    assert (said["hello"], said["title"]) == ("Bu Lidia, Bu Siti dan Bu Tutik", "Desa Devisa 2026")
    assert said["link"] == ""  # the household's own page
    assert [send(SOON), send(SOON)] == [1, 0]
    assert "Bu Siti" in texts()[0]


def test_what_comes_later_is_told_by_itself(cohort: Cohort, number: ContactPoint) -> None:
    first, second, third = number.people.order_by("name")
    certify(cohort, first)
    plan_notices(at=SOON)
    certify(cohort, second, issued_at=SOON)
    plan_notices(at=SOON)
    assert set(only(Kind.CERTIFICATE).people.all()) == {first, second}
    send(SOON)
    certify(cohort, third, issued_at=SOON + DAY)
    plan_notices(at=SOON + DAY)
    assert [set(row.people.all()) for row in Message.objects.filter(kind=Kind.CERTIFICATE).order_by("pk")] == [
        {first, second},
        {third},
    ]
    assert send(SOON + DAY) == 1
    plan_notices(at=SOON + 2 * DAY)
    assert send(SOON + 2 * DAY) == 0


def test_night_waits_and_a_week_is_the_end(cohort: Cohort, number: ContactPoint) -> None:
    certify(cohort, *number.people.all(), issued_at=local("2026-10-01 21:00"))
    plan_notices(at=local("2026-10-01 21:05"))
    assert only(Kind.CERTIFICATE).due_at == local("2026-10-02 06:00")
    Message.objects.all().delete()
    plan_notices(at=local("2026-10-08 21:01"))
    assert notices(Kind.CERTIFICATE) == []


def test_who_did_not_agree_or_has_no_number_is_not_told(cohort: Cohort) -> None:
    alone = factories.EnrollmentFactory.create(cohort=cohort).person
    silent = household(cohort, "Rini")
    person = silent.people.get()
    person.consents.all().delete()
    certify(cohort, alone, person)
    plan_notices(at=SOON)
    assert notices(Kind.CERTIFICATE) == []


def test_revoking_withdraws_and_the_others_are_still_told(cohort: Cohort, number: ContactPoint, sari: User) -> None:
    first, *_others = certify(cohort, *number.people.all())
    plan_notices(at=SOON)
    old = only(Kind.CERTIFICATE)
    revoke_certificate(first, reason="Printed for the wrong course", by=sari, at=SOON)
    old.refresh_from_db()
    assert (old.state, old.note) == ("superseded", "done")
    plan_notices(at=SOON)
    message = planned()
    assert says(message, SOON)["hello"] == "Bu Siti dan Bu Tutik"
    assert verdict(old, SOON)[0] == "claimed"  # what no event told, its words would leave out
    assert says(old, SOON)["hello"] == "Bu Siti dan Bu Tutik"


def test_last_look_refuses_what_no_longer_holds(cohort: Cohort, number: ContactPoint, at: object) -> None:
    certify(cohort, *number.people.all())
    plan_notices(at=SOON)
    message = only(Kind.CERTIFICATE)
    Certificate.objects.update(state="revoked", revoked_at=SOON, revoked_by=factories.UserFactory.create(), reason="x")
    assert verdict(message, SOON) == ("superseded", "done")


def test_silence_consent_and_being_forgotten_act_in_their_own_transaction(
    cohort: Cohort, number: ContactPoint, sari: User
) -> None:
    certify(cohort, *number.people.all())
    plan_notices(at=SOON)
    opt_out(number, by=None, at=SOON)
    assert notices(Kind.CERTIFICATE) == [(number.number, "blocked", "unreachable")]
    opt_in(number, by=None, at=SOON)
    plan_notices(at=SOON)
    assert notices(Kind.CERTIFICATE) == [(number.number, "planned", "")]
    first, second, third = number.people.order_by("name")
    withdraw_consent(first, purpose=Purpose.MESSAGES, by=sari, at=SOON)
    assert notices(Kind.CERTIFICATE) == [(number.number, "superseded", "done")]
    plan_notices(at=SOON)
    assert set(planned().people.all()) == {second, third}
    anonymise_person(second, by=sari, at=SOON)
    plan_notices(at=SOON)
    assert set(planned().people.all()) == {third}


def test_repair_and_last_look_ask_the_same_for_one_and_for_seven(cohort: Cohort, number: ContactPoint) -> None:
    certify(cohort, *number.people.all())
    plan_notices(at=SOON)
    counts, looks = [queries(SOON)], [looked([only(Kind.CERTIFICATE).pk], SOON)]
    for _ in range(6):
        certify(cohort, *household(cohort, "Ani", "Endang").people.all())
    plan_notices(at=SOON)
    counts.append(queries(SOON))
    ids = list(Message.objects.filter(kind=Kind.CERTIFICATE).values_list("pk", flat=True))
    looks.append(looked(ids, SOON))
    assert len(ids) == 7
    assert (counts[0], looks[0]) == (counts[1], looks[1])
