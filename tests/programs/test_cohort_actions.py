"""Cohorts: requirements and participants."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from attendance.actions import Mark, mark_attendance
from common.errors import MoveRefused, Refused, RowMoved
from common.models import Event
from programs.actions import (
    admit_enrollment,
    create_cohort,
    enroll_people,
    enroll_person,
    set_requirements,
    withdraw_enrollment,
)
from programs.models import Cohort, Enrollment, Program, Venue
from programs.states import AttendanceState, EnrollmentState
from tests.factories import EnrollmentFactory, PersonFactory
from tests.programs.plans import START, history, scheduled
from villages.actions import anonymise_person
from villages.models import Person, Village

pytestmark = pytest.mark.django_db


def test_cohort_is_opened_once_by_name(program: Program, parengan: Village, sari: User, at: datetime) -> None:
    def open_it(ends_on: date = date(2026, 6, 30)) -> Cohort:
        days: dict[str, Any] = {"starts_on": date(2026, 2, 1), "ends_on": ends_on}
        return create_cohort(program=program, village=parengan, name="Angkatan 1", by=sari, at=at, **days)

    assert history(open_it()) == ["created"]
    with pytest.raises(ValidationError, match="already has a cohort of this name"):
        open_it()
    with pytest.raises(ValidationError, match="ends after it starts"):
        open_it(date(2026, 1, 1))


def test_requirements_are_set_as_a_whole(cohort: Cohort, sari: User, at: datetime) -> None:
    set_requirements(cohort, requirements={"design": (360, 80), "handholding": (3, 0)}, by=sari, at=at)
    set_requirements(cohort, requirements={"design": (480, 75), "branding": (120, 80)}, by=sari, at=at)
    rows = cohort.requirements.order_by("module__position").values_list("module", "required", "minimum_attendance")
    assert [*rows] == [("design", 480, 75), ("branding", 120, 80)]
    assert history(cohort) == ["requirements_set", "requirements_set"]


@pytest.mark.parametrize(
    "wrong", [{"sewing": (1, 80)}, {"design": (0, 80)}, {"design": (60, 101)}, {"design": (-5, 1)}]
)
def test_requirements_refuse_wrong_input_whole(
    cohort: Cohort, sari: User, at: datetime, wrong: dict[str, tuple[int, int]]
) -> None:
    with pytest.raises(ValidationError):
        set_requirements(cohort, requirements={"branding": (120, 80), **wrong}, by=sari, at=at)
    assert not cohort.requirements.exists()


def test_enrolling_seats_in_what_is_ahead_only(
    cohort: Cohort, venue: Venue, lidia: Person, sari: User, at: datetime
) -> None:
    ahead = scheduled(cohort, venue, by=sari)
    scheduled(cohort, venue, starts_at=at - timedelta(days=1), by=sari)
    enrollment = enroll_person(cohort, person=lidia, by=sari, at=at)
    assert (enrollment.state, enrollment.enrolled_at) == (EnrollmentState.ACCEPTED, at)
    assert [seat.session for seat in enrollment.seats.all()] == [ahead]
    assert Event.objects.about(enrollment).get(verb="enrolled").facts["seats"] == 1


def test_enrolling_is_refused_for_strangers_the_erased_and_the_enrolled(
    cohort: Cohort, elsewhere: Village, lidia: Person, sari: User, at: datetime
) -> None:
    with pytest.raises(ValidationError, match="from its village"):
        enroll_person(cohort, person=PersonFactory.create(village=elsewhere), by=sari, at=at)
    with pytest.raises(Refused, match="erased"):
        enroll_person(cohort, person=PersonFactory.create(village=cohort.village, erased_at=at), by=sari, at=at)
    enroll_person(cohort, person=lidia, by=sari, at=at)
    with pytest.raises(Refused, match="already in this cohort"):
        enroll_person(cohort, person=lidia, by=sari, at=at)


def test_enrolling_many_is_all_or_nobody(cohort: Cohort, lidia: Person, sari: User, at: datetime) -> None:
    friend = PersonFactory.create(village=cohort.village)
    with pytest.raises(Refused):
        enroll_people(cohort, people=[lidia, friend, lidia], by=sari, at=at)
    assert not Enrollment.objects.exists()
    assert len(enroll_people(cohort, people=[lidia, friend], by=sari, at=at)) == 2


def test_withdrawing_frees_what_is_ahead_and_keeps_what_was(
    cohort: Cohort, venue: Venue, sari: User, at: datetime
) -> None:
    enrollment = EnrollmentFactory.create(cohort=cohort)
    past = scheduled(cohort, venue, starts_at=at - timedelta(days=1), by=sari)
    scheduled(cohort, venue, starts_at=START, by=sari)
    mark_attendance(past, marks=[Mark(enrollment.pk, AttendanceState.PRESENT)], by=sari, at=at)
    enrollment.refresh_from_db()
    withdraw_enrollment(enrollment, reason=" Moved to Surabaya ", by=sari, at=at)
    assert (enrollment.state, enrollment.reason) == ("withdrawn", "Moved to Surabaya")
    assert [seat.session for seat in enrollment.seats.all()] == [past]
    with pytest.raises(MoveRefused):
        withdraw_enrollment(enrollment, reason="Again", by=sari, at=at)
    with pytest.raises(Refused, match="final"):
        enroll_person(cohort, person=enrollment.person, by=sari, at=at)


def test_withdrawing_says_why_and_only_once(cohort: Cohort, sari: User, at: datetime) -> None:
    enrollment = EnrollmentFactory.create(cohort=cohort)
    stale = Enrollment.objects.get(pk=enrollment.pk)
    with pytest.raises(ValidationError, match="Say why"):
        withdraw_enrollment(enrollment, reason=" ", by=sari, at=at)
    withdraw_enrollment(enrollment, reason="Moved", by=sari, at=at)
    with pytest.raises(RowMoved):
        withdraw_enrollment(stale, reason="Moved", by=sari, at=at)
    assert history(enrollment) == ["withdrawn"]


def test_why_somebody_withdrew_is_forgotten_with_them(cohort: Cohort, sari: User, at: datetime) -> None:
    enrollment, other = EnrollmentFactory.create(cohort=cohort), EnrollmentFactory.create(cohort=cohort)
    for each in (enrollment, other):
        withdraw_enrollment(each, reason="Fell ill", by=sari, at=at)
    anonymise_person(enrollment.person, by=sari, at=at)
    assert [*cohort.enrollments.order_by("pk").values_list("reason", flat=True)] == ["–", "Fell ill"]
    assert [*cohort.enrollments.values_list("state", flat=True)] == ["withdrawn", "withdrawn"]


def test_who_waited_gets_a_seat_when_accepted(cohort: Cohort, venue: Venue, sari: User, at: datetime) -> None:
    enrollment = EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.APPLIED)
    scheduled(cohort, venue, by=sari)
    admit_enrollment(enrollment, to=EnrollmentState.WAITLISTED, by=sari, at=at)
    assert not enrollment.seats.exists()
    admit_enrollment(enrollment, to=EnrollmentState.ACCEPTED, by=sari, at=at)
    assert enrollment.seats.count() == 1
    with pytest.raises(ValidationError):
        admit_enrollment(enrollment, to=EnrollmentState.WITHDRAWN, by=sari, at=at)
