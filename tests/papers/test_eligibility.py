"""Who may get a certificate, and what the others lack, in words."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from papers.eligibility import eligibility_of
from programs.models import Cohort, Enrollment, Session
from tests.factories import (
    CertificateFactory,
    EnrollmentFactory,
    RequirementFactory,
    SessionFactory,
    lay_course,
    lay_graduate,
    module,
)
from villages.actions import anonymise_person

pytestmark = pytest.mark.django_db


def names(candidates: object) -> list[str]:
    return [each.enrollment.person.name for each in candidates]  # type: ignore[attr-defined]


def test_participants_are_parted_by_the_rule(
    lidia_done: Enrollment, rini_short: Enrollment, course: Session, at: datetime
) -> None:
    holder = lay_graduate(course, name="Siti")
    certificate = CertificateFactory.create(enrollment=holder)
    found = eligibility_of(course.cohorts.get(), at=at)
    assert names(found.ready) == ["Lidia Wati"]
    assert names(found.short) == ["Rini"]
    assert [each.certificate for each in found.holders] == [certificate]
    assert found.short[0].lacks == ("Design: 50 of 96 minutes",)
    assert found.rule == ("Design: at least 96 of 120 minutes (80%)",)


@pytest.mark.parametrize(("minutes", "eligible"), [(95, False), (96, True)])
def test_last_minute_decides(course: Session, at: datetime, minutes: int, eligible: bool) -> None:  # noqa: FBT001
    lay_graduate(course, minutes=minutes)
    found = eligibility_of(course.cohorts.get(), at=at)
    assert (len(found.ready), len(found.short)) == (int(eligible), int(not eligible))


def test_each_module_must_be_reached(lidia_done: Enrollment, cohort: Cohort, at: datetime) -> None:
    RequirementFactory.create(cohort=cohort, module=module("branding"), required=60)
    RequirementFactory.create(cohort=cohort, module=module("handholding"), required=2)
    (short,) = eligibility_of(cohort, at=at).short
    assert short.lacks == ("Branding: 0 of 48 minutes",)


def test_nothing_required_completes_nobody(cohort: Cohort, at: datetime) -> None:
    EnrollmentFactory.create(cohort=cohort)
    found = eligibility_of(cohort, at=at)
    assert (found.rule, len(found.ready), [each.lacks for each in found.short]) == ((), 0, [()])


def test_who_waits_withdrew_or_was_forgotten_is_no_candidate(
    lidia_done: Enrollment, cohort: Cohort, sari: User, at: datetime
) -> None:
    EnrollmentFactory.create(cohort=cohort, state="waitlisted")
    EnrollmentFactory.create(cohort=cohort, state="withdrawn", reason="moved")
    assert len(eligibility_of(cohort, at=at).candidates) == 1
    anonymise_person(lidia_done.person, by=sari, at=at)
    assert eligibility_of(cohort, at=at).candidates == ()


def test_revoked_certificate_makes_room_for_a_new_one(lidia_done: Enrollment, cohort: Cohort, at: datetime) -> None:
    CertificateFactory.create(enrollment=lidia_done, state="revoked")
    assert len(eligibility_of(cohort, at=at).ready) == 1


def test_sessions_not_held_count_for_nothing(lidia_done: Enrollment, cohort: Cohort, at: datetime) -> None:
    RequirementFactory.create(cohort=cohort, module=module("branding"), required=60)
    SessionFactory.create(
        program=cohort.program, cohorts=[cohort], module=module("branding"), starts_at=at - timedelta(hours=5)
    )
    assert not eligibility_of(cohort, at=at).ready


def test_read_takes_four_queries_for_7_and_for_200(cohort: Cohort, at: datetime) -> None:
    course = lay_course(cohort)
    for more in (7, 193):
        for number in range(more):
            graduate = lay_graduate(course, minutes=120 * (number % 2))
            if number % 3 == 0:
                CertificateFactory.create(enrollment=graduate)
        with CaptureQueriesContext(connection) as queries:
            found = eligibility_of(cohort, at=at)
            assert all(each.lacks or each.eligible for each in found.candidates)
        assert len(queries) == 4
    assert len(found.candidates) == 200
