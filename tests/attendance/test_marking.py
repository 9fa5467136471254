"""The sheet, walk-ins and answers."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from attendance.actions import Mark, add_walk_in, mark_attendance
from common.errors import MoveRefused, Refused
from common.models import Event
from programs.models import Cohort, Enrollment, Session, Venue
from programs.states import AttendanceState, EnrollmentState, Excuse
from tests.factories import CohortFactory, EnrollmentFactory, PersonFactory
from tests.programs.plans import TWO_HOURS, history, scheduled

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(cohort: Cohort) -> list[Enrollment]:
    """Four participants."""
    return EnrollmentFactory.create_batch(4, cohort=cohort)


@pytest.fixture
def running(people: list[Enrollment], cohort: Cohort, venue: Venue, sari: User, at: datetime) -> Session:
    """A session that began an hour ago."""
    return scheduled(cohort, venue, starts_at=at - timedelta(hours=1), by=sari)


def sheet(session: Session) -> list[tuple[str, int, str]]:
    return [*session.seats.order_by("enrollment_id").values_list("state", "minutes", "excuse")]


def test_marks_are_written_with_minutes_and_excuses(
    running: Session, people: list[Enrollment], sari: User, at: datetime
) -> None:
    one, two, three, four = people
    marks = [
        Mark(one.pk, AttendanceState.PRESENT),
        Mark(two.pk, AttendanceState.LATE, minutes=75),
        Mark(three.pk, AttendanceState.EXCUSED, excuse=Excuse.SICK),
        Mark(four.pk, AttendanceState.ABSENT),
    ]
    mark_attendance(running, marks=marks, by=sari, at=at)
    assert sheet(running) == [("present", 120, ""), ("late", 75, ""), ("excused", 0, "sick"), ("absent", 0, "")]
    assert set(running.seats.values_list("marked_by", "marked_at", "source")) == {(sari.pk, at, "trainer")}
    counts = Event.objects.about(running).get(verb="attendance_marked").facts["counts"]
    assert counts == {"present": 1, "late": 1, "excused": 1, "absent": 1}


def test_who_came_becomes_an_active_participant(
    running: Session, people: list[Enrollment], sari: User, at: datetime
) -> None:
    marks = [Mark(people[0].pk, AttendanceState.LATE), Mark(people[1].pk, AttendanceState.ABSENT)]
    mark_attendance(running, marks=marks, by=sari, at=at)
    states = dict(Enrollment.objects.values_list("pk", "state"))
    assert states[people[0].pk] == EnrollmentState.ACTIVE
    assert states[people[1].pk] == EnrollmentState.ACCEPTED


def test_the_same_sheet_twice_is_one_event(
    running: Session, people: list[Enrollment], sari: User, at: datetime
) -> None:
    marks = [Mark(person.pk, AttendanceState.PRESENT) for person in people]
    mark_attendance(running, marks=marks, by=sari, at=at)
    mark_attendance(running, marks=marks, by=sari, at=at + timedelta(minutes=5))
    assert history(running).count("attendance_marked") == 1
    assert set(running.seats.values_list("marked_at", flat=True)) == {at}


def test_a_mark_can_be_corrected_and_not_taken_back(
    running: Session, people: list[Enrollment], sari: User, at: datetime
) -> None:
    mark_attendance(running, marks=[Mark(people[0].pk, AttendanceState.PRESENT)], by=sari, at=at)
    mark_attendance(running, marks=[Mark(people[0].pk, AttendanceState.PRESENT, minutes=60)], by=sari, at=at)
    mark_attendance(running, marks=[Mark(people[0].pk, AttendanceState.ABSENT)], by=sari, at=at)
    assert sheet(running)[0] == ("absent", 0, "")
    with pytest.raises(MoveRefused):
        mark_attendance(running, marks=[Mark(people[0].pk, AttendanceState.EXPECTED)], by=sari, at=at)


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        ({"state": "present", "minutes": 121}, "minutes"),
        ({"state": "present", "minutes": -1}, "minutes"),
        ({"state": "absent", "minutes": 5}, "minutes"),
        ({"state": "present", "excuse": "sick"}, "excuse"),
        ({"state": "excused", "excuse": "holiday"}, "excuse"),
        ({"state": "elsewhere"}, "state"),
        ({"state": "present", "enrollment_id": 0}, "enrollment"),
    ],
)
def test_one_wrong_mark_refuses_the_whole_sheet(
    running: Session, people: list[Enrollment], sari: User, at: datetime, mark: dict[str, object], code: str
) -> None:
    wrong = Mark(**{"enrollment_id": people[1].pk, **mark})  # type: ignore[arg-type]
    with pytest.raises(ValidationError) as refusal:
        mark_attendance(running, marks=[Mark(people[0].pk, AttendanceState.PRESENT), wrong], by=sari, at=at)
    assert refusal.value.code == code
    assert {state for state, _, _ in sheet(running)} == {"expected"}


def test_the_sheet_opens_when_the_session_begins(
    people: list[Enrollment], cohort: Cohort, venue: Venue, sari: User, at: datetime
) -> None:
    session = scheduled(cohort, venue, starts_at=at + timedelta(minutes=1), by=sari)
    marks = [Mark(people[0].pk, AttendanceState.PRESENT)]
    with pytest.raises(Refused, match="not begun"):
        mark_attendance(session, marks=marks, by=sari, at=at)
    mark_attendance(session, marks=marks, by=sari, at=at + timedelta(minutes=1))


@pytest.mark.parametrize("state", ["draft", "cancelled", "closed"])
def test_the_sheet_is_closed_otherwise(
    running: Session, people: list[Enrollment], sari: User, at: datetime, state: str
) -> None:
    running.state, running.reason = state, "Rain"
    running.save()
    with pytest.raises(Refused, match="not open"):
        mark_attendance(running, marks=[Mark(people[0].pk, AttendanceState.PRESENT)], by=sari, at=at)


def test_the_database_keeps_minutes_within_the_session(running: Session, sari: User, at: datetime) -> None:
    seat = running.seats.order_by("pk").first()
    assert seat is not None
    seat.state, seat.minutes, seat.marked_at, seat.marked_by = AttendanceState.PRESENT, 121, at, sari
    with pytest.raises(IntegrityError, match="more minutes"), transaction.atomic():
        seat.save()
    seat.minutes, seat.marked_at = 10, at - TWO_HOURS
    with pytest.raises(IntegrityError, match="has not begun"), transaction.atomic():
        seat.save()


def test_a_sheet_of_any_size_costs_the_same(cohort: Cohort, venue: Venue, sari: User, at: datetime) -> None:
    costs = []
    for size in (1, 20):
        start = at - timedelta(days=size)
        EnrollmentFactory.create_batch(size, cohort=cohort)
        session = scheduled(cohort, venue, starts_at=start, by=sari)
        marks = [Mark(seat.enrollment_id, AttendanceState.PRESENT) for seat in session.seats.all()]
        with CaptureQueriesContext(connection) as queries:
            mark_attendance(session, marks=marks, by=sari, at=at)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 9  # savepoints counted


def test_walk_in_is_enrolled_seated_and_present_at_once(
    running: Session, cohort: Cohort, sari: User, at: datetime
) -> None:
    stranger = PersonFactory.create(village=cohort.village)
    seat = add_walk_in(running, cohort=cohort, person=stranger, by=sari, at=at)
    assert (seat.state, seat.minutes, seat.marked_by) == (AttendanceState.PRESENT, 120, sari)
    assert Enrollment.objects.get(person=stranger).state == EnrollmentState.ACTIVE
    assert history(running)[-1] == "walk_in_added"
    with pytest.raises(Refused, match="already has a seat"):
        add_walk_in(running, cohort=cohort, person=stranger, by=sari, at=at)


def test_walk_in_who_is_enrolled_gets_only_a_seat(running: Session, cohort: Cohort, sari: User, at: datetime) -> None:
    enrollment = EnrollmentFactory.create(cohort=cohort)
    add_walk_in(running, cohort=cohort, person=enrollment.person, by=sari, at=at)
    assert running.seats.filter(enrollment=enrollment).count() == 1


def test_walk_in_is_refused_where_it_makes_no_sense(
    running: Session, cohort: Cohort, elsewhere: object, sari: User, at: datetime
) -> None:
    gone = EnrollmentFactory.create(cohort=cohort, state="withdrawn", reason="Moved")
    with pytest.raises(Refused, match="Withdrawn"):
        add_walk_in(running, cohort=cohort, person=gone.person, by=sari, at=at)
    with pytest.raises(ValidationError, match="from its village"):
        add_walk_in(running, cohort=cohort, person=PersonFactory.create(village=elsewhere), by=sari, at=at)
    other = CohortFactory.create(program=cohort.program)
    with pytest.raises(ValidationError, match="does not take part"):
        add_walk_in(running, cohort=other, person=PersonFactory.create(village=other.village), by=sari, at=at)
