"""Marks over time: two hands at one sheet, corrections with their reasons, and what is kept of each."""

from datetime import datetime, timedelta
from time import sleep
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from attendance.actions import (
    Crossed,
    Mark,
    add_new_walk_in,
    close_session,
    correct_attendance,
    hold_session,
    mark_attendance,
)
from attendance.actions import marking as acting
from attendance.models import AttendanceMark
from common.errors import Refused
from common.models import Event
from programs.models import Attendance, Cohort, Enrollment, Session, Venue
from programs.states import AttendanceSource, AttendanceState, Excuse
from tests.factories import EnrollmentFactory
from tests.programs.plans import history, scheduled
from tests.programs.test_races import Act, at_once
from villages.models import Person

pytestmark = pytest.mark.django_db

PRESENT, LATE, ABSENT, EXCUSED = (
    AttendanceState.PRESENT,
    AttendanceState.LATE,
    AttendanceState.ABSENT,
    AttendanceState.EXCUSED,
)


@pytest.fixture
def people(cohort: Cohort) -> list[Enrollment]:
    """Three participants."""
    return EnrollmentFactory.create_batch(3, cohort=cohort)


@pytest.fixture
def running(people: list[Enrollment], cohort: Cohort, venue: Venue, sari: User, at: datetime) -> Session:
    """A session that began an hour ago."""
    return scheduled(cohort, venue, starts_at=at - timedelta(hours=1), by=sari)


@pytest.fixture
def held(running: Session, people: list[Enrollment], sari: User, at: datetime) -> Session:
    """The same, held: one was present, one absent, one has no mark."""
    mark_attendance(running, marks=[Mark(people[0].pk, PRESENT), Mark(people[1].pk, ABSENT)], by=sari, at=at)
    hold_session(running, by=sari, at=at)
    return running


def seat_of(session: Session, person: Enrollment) -> Attendance:
    return session.seats.get(enrollment=person)


def kept(session: Session, person: Enrollment) -> list[tuple[Any, ...]]:
    marks = AttendanceMark.objects.filter(seat=seat_of(session, person)).order_by("version")
    return [*marks.values_list("version", "state", "minutes", "excuse", "source", "reason", "by__name")]


# -- Every mark is kept -----------------------------------------------------------------------------------------------


def test_every_mark_of_a_seat_is_kept_with_hand_and_source(
    running: Session, people: list[Enrollment], sari: User, made: User, at: datetime
) -> None:
    one = people[0].pk
    mark_attendance(running, marks=[Mark(one, PRESENT)], by=sari, at=at)
    mark_attendance(running, marks=[Mark(one, PRESENT)], by=made, at=at)
    later = at + timedelta(minutes=5)
    paper = AttendanceSource.PAPER
    mark_attendance(running, marks=[Mark(one, EXCUSED, excuse=Excuse.SICK)], by=made, at=later, source=paper)
    assert kept(running, people[0]) == [
        (1, "present", 120, "", "trainer", "", "Sari"),
        (2, "excused", 0, "sick", "paper", "", "Made"),
    ]
    seat = seat_of(running, people[0])
    assert (seat.version, seat.marked_by, seat.marked_at, seat.source) == (2, made, later, "paper")


def test_closing_and_nobody_came_keep_a_mark_for_each(
    held: Session, people: list[Enrollment], sari: User, at: datetime
) -> None:
    close_session(held, by=sari, at=at)
    assert kept(held, people[2]) == [(1, "absent", 0, "", "trainer", "", "Sari")]


def test_a_mark_that_is_kept_never_changes(held: Session, people: list[Enrollment]) -> None:
    marks = AttendanceMark.objects.filter(seat=seat_of(held, people[0]))
    for act in (lambda: marks.update(state=ABSENT), lambda: marks.update(reason="x"), marks.delete):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            act()
    marks.update(seat=seat_of(held, people[2]))  # two people who turn out to be one bring their marks together
    assert len(kept(held, people[2])) == 1


# -- Two hands --------------------------------------------------------------------------------------------------------


def test_a_mark_that_crossed_another_is_told_and_not_written(
    running: Session, people: list[Enrollment], sari: User, made: User, at: datetime
) -> None:
    one, two, _three = (person.pk for person in people)
    mark_attendance(running, marks=[Mark(one, ABSENT, seen=0)], by=made, at=at)
    marks = [Mark(one, PRESENT, seen=0), Mark(two, PRESENT, seen=0)]
    (crossed,) = mark_attendance(running, marks=marks, by=sari, at=at)
    assert (crossed.mark.enrollment_id, crossed.seat.state, crossed.seat.marked_by) == (one, ABSENT, made)
    assert [seat_of(running, person).state for person in people] == [ABSENT, PRESENT, "expected"]
    assert not mark_attendance(running, marks=[Mark(one, PRESENT, seen=1)], by=sari, at=at), "having seen it, she may"


def test_a_line_that_was_sent_back_as_it_was_shown_crosses_nothing(
    running: Session, people: list[Enrollment], sari: User, made: User, at: datetime
) -> None:
    one, two, _three = (person.pk for person in people)
    mark_attendance(running, marks=[Mark(one, PRESENT)], by=made, at=at)
    mark_attendance(running, marks=[Mark(one, ABSENT, seen=1)], by=made, at=at)
    whole = [Mark(one, PRESENT, seen=1), Mark(two, LATE, seen=0)]
    assert mark_attendance(running, marks=whole, by=sari, at=at) == []
    assert [seat_of(running, person).state for person in people[:2]] == [ABSENT, LATE]


def test_both_hands_meaning_the_same_agree(
    running: Session, people: list[Enrollment], sari: User, made: User, at: datetime
) -> None:
    mark_attendance(running, marks=[Mark(people[0].pk, PRESENT, seen=0)], by=made, at=at)
    assert mark_attendance(running, marks=[Mark(people[0].pk, PRESENT, seen=0)], by=sari, at=at) == []
    assert seat_of(running, people[0]).marked_by == made


def test_who_did_not_look_writes(
    running: Session, people: list[Enrollment], sari: User, made: User, at: datetime
) -> None:
    mark_attendance(running, marks=[Mark(people[0].pk, ABSENT)], by=made, at=at)
    assert mark_attendance(running, marks=[Mark(people[0].pk, PRESENT)], by=sari, at=at) == []
    assert seat_of(running, people[0]).state == PRESENT


def rivals(
    running: Session, person: Enrollment, sari: User, made: User, at: datetime
) -> tuple[Act, Act, list[Crossed]]:
    """Two phones that saw the same empty line, and what they were told."""
    told: list[Crossed] = []

    def act(state: str, by: User) -> Act:
        return lambda: told.extend(mark_attendance(running, marks=[Mark(person.pk, state, seen=0)], by=by, at=at))

    return act(PRESENT, sari), act(ABSENT, made), told


@pytest.fixture
def slow_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause between looking at the seats and writing the marks."""
    write = acting.write_marks

    def later(*given: Any) -> None:
        sleep(0.3)
        write(*given)

    monkeypatch.setattr(acting, "write_marks", later)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("slow_hand")
def test_two_phones_at_once_leave_one_mark_and_one_is_told(
    running: Session, people: list[Enrollment], sari: User, made: User, at: datetime
) -> None:
    first, second, told = rivals(running, people[0], sari, made, at)
    assert at_once(first, second) == [None, None]
    (crossed,) = told
    assert crossed.seat.state != crossed.mark.state
    assert len(kept(running, people[0])) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("slow_hand")
def test_without_holding_the_session_both_write_and_only_the_constraint_stands(
    running: Session, people: list[Enrollment], sari: User, made: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acting, "_open_sheet", lambda session, **_given: session)
    first, second, _told = rivals(running, people[0], sari, made, at)
    assert [type(error) for error in at_once(first, second) if error] == [IntegrityError]


# -- Corrections ------------------------------------------------------------------------------------------------------


def test_a_mark_of_a_held_session_changes_with_a_reason(
    held: Session, people: list[Enrollment], sari: User, at: datetime
) -> None:
    change = [Mark(people[1].pk, PRESENT)]
    with pytest.raises(ValidationError, match="Say why") as refused, transaction.atomic():
        correct_attendance(held, marks=change, reason="  ", by=sari, at=at)
    assert refused.value.code == "reason"
    assert seat_of(held, people[1]).state == ABSENT
    correct_attendance(held, marks=change, reason="Signed on page 2", by=sari, at=at)
    assert kept(held, people[1])[-1] == (2, "present", 120, "", "trainer", "Signed on page 2", "Sari")
    assert history(held)[-1] == "attendance_corrected"
    assert Event.objects.about(held).latest("pk").facts["reason"] == "Signed on page 2"


def test_a_first_mark_after_the_session_was_held_needs_no_reason(
    held: Session, people: list[Enrollment], sari: User, at: datetime
) -> None:
    correct_attendance(held, marks=[Mark(people[2].pk, PRESENT)], reason="", by=sari, at=at)
    assert seat_of(held, people[2]).state == PRESENT
    correct_attendance(held, marks=[Mark(people[2].pk, PRESENT)], reason="", by=sari, at=at)
    assert history(held)[-1] == "attendance_marked"


def test_a_closed_sheet_changes_by_a_correction_only(
    held: Session, people: list[Enrollment], sari: User, at: datetime
) -> None:
    close_session(held, by=sari, at=at)
    change = [Mark(people[1].pk, LATE, minutes=90)]
    with pytest.raises(Refused, match="not open"):
        mark_attendance(held, marks=change, by=sari, at=at, reason="It was so")
    correct_attendance(held, marks=change, reason="It was so", by=sari, at=at)
    seat = seat_of(held, people[1])
    assert (seat.state, seat.minutes) == (LATE, 90)


@pytest.mark.parametrize("state", ["draft", "scheduled", "cancelled"])
def test_what_was_not_held_is_not_corrected(
    running: Session, people: list[Enrollment], sari: User, at: datetime, state: str
) -> None:
    Session.objects.filter(pk=running.pk).update(state=state, reason="Rain")
    with pytest.raises(Refused, match="was held"):
        correct_attendance(running, marks=[Mark(people[0].pk, PRESENT)], reason="x", by=sari, at=at)


def test_the_contract_marks_a_held_session_without_a_reason(
    held: Session, people: list[Enrollment], sari: User, at: datetime
) -> None:
    mark_attendance(held, marks=[Mark(people[1].pk, PRESENT)], by=sari, at=at)
    assert seat_of(held, people[1]).state == PRESENT


def test_a_sheet_with_crossed_marks_costs_the_same_for_any_size(
    cohort: Cohort, venue: Venue, sari: User, at: datetime
) -> None:
    costs = []
    for size in (1, 20):
        EnrollmentFactory.create_batch(size, cohort=cohort)
        session = scheduled(cohort, venue, starts_at=at - timedelta(days=size), by=sari)
        seats = [*session.seats.all()]
        mark_attendance(session, marks=[Mark(seat.enrollment_id, ABSENT) for seat in seats], by=sari, at=at)
        with CaptureQueriesContext(connection) as queries:
            crossed = mark_attendance(
                session, marks=[Mark(seat.enrollment_id, PRESENT, seen=0) for seat in seats], by=sari, at=at
            )
        assert len(crossed) == len(seats)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 6


# -- Somebody nobody knew ---------------------------------------------------------------------------------------------


def test_new_walk_in_is_written_down_enrolled_and_seated(
    running: Session, cohort: Cohort, sari: User, at: datetime
) -> None:
    given: dict[str, Any] = {"cohort": cohort, "sex": "female", "by": sari, "at": at}
    seat = add_new_walk_in(running, name="Tamu  Baru", number="0812 3456 7890", **given)
    person = Person.objects.get(name="Tamu Baru")
    assert (seat.enrollment.person, seat.state, seat.version) == (person, PRESENT, 1)
    assert person.contact_points.get().number == "+6281234567890"


def test_new_walk_in_with_a_wrong_number_leaves_nothing_behind(
    running: Session, cohort: Cohort, sari: User, at: datetime
) -> None:
    before = Person.objects.count()
    with pytest.raises(ValidationError):
        add_new_walk_in(running, cohort=cohort, name="Tamu", sex="female", number="12", by=sari, at=at)
    assert Person.objects.count() == before
