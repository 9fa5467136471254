"""What came too late: taken as a correction or dismissed, once, with a reason."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from attendance.actions import Mark, close_session, dismiss_act, hold_session, mark_attendance, take_act
from attendance.models import Act
from common.errors import Refused, RowMoved
from common.models import Event
from programs.actions import cancel_session
from programs.models import Cohort, Enrollment, Session, Venue
from programs.states import AttendanceState
from tests.attendance.phones import came, minutes, seat_of, send, tap, verdicts
from tests.factories import EnrollmentFactory, PersonFactory
from tests.programs.plans import TWO_HOURS, history, scheduled
from tests.programs.test_races import at_once
from villages.models import Person

pytestmark = pytest.mark.django_db
Decide = Callable[..., None]
LATER = minutes(24 * 60)


@pytest.fixture(autouse=True)
def english(english: None) -> None:
    """Sentences are compared."""


@pytest.fixture
def people(cohort: Cohort) -> list[Enrollment]:
    return EnrollmentFactory.create_batch(2, cohort=cohort)


@pytest.fixture
def running(people: list[Enrollment], cohort: Cohort, venue: Venue, sari: User, at: datetime) -> Session:
    return scheduled(cohort, venue, starts_at=at - timedelta(hours=1), by=sari)


@pytest.fixture
def closed(running: Session, people: list[Enrollment], sari: User, at: datetime) -> Session:
    mark_attendance(running, marks=[Mark(people[0].pk, AttendanceState.PRESENT)], by=sari, at=at)
    hold_session(running, by=sari, at=at)
    close_session(running, by=sari, at=at)
    return running


@pytest.fixture
def waiting(closed: Session, people: list[Enrollment], made: User) -> Act:
    send([tap(closed, people[1], AttendanceState.LATE, minutes=60)], by=made)
    return Act.objects.waiting().get()


def test_taking_is_a_correction_with_its_reason(
    closed: Session, waiting: Act, people: list[Enrollment], sari: User, made: User
) -> None:
    take_act(waiting, reason=" She signed ", by=sari, at=LATER)
    seat = seat_of(closed, people[1])
    assert (seat.state, seat.minutes, seat.source, seat.marked_by) == ("late", 60, "phone", sari)
    mark = seat.marks.get(version=2)
    assert (mark.reason, mark.at, Act.objects.get(mark=mark).by) == ("She signed", LATER, made)
    assert history(closed)[-1] == "attendance_corrected"
    waiting.refresh_from_db()
    assert (waiting.outcome, waiting.settled_by, waiting.settled_at, waiting.reason) == (
        "taken",
        sari,
        LATER,
        "She signed",
    )
    assert verdicts(send([tap(closed, people[1], made=-20)], by=made)) == ["overtaken"], "a later act was decided on"


def test_dismissing_leaves_the_sheet_and_tells_the_phone(
    closed: Session, people: list[Enrollment], sari: User, made: User
) -> None:
    act = tap(closed, people[1])
    send([act], by=made)
    dismiss_act(Act.objects.get(pk=act.id), reason="She was at home", by=sari, at=LATER)
    assert seat_of(closed, people[1]).state == "absent"
    assert (history(closed)[-1], Event.objects.about(closed).latest("pk").facts["reason"]) == (
        "mark_dismissed",
        "She was at home",
    )
    (kept,) = send([act], by=made)
    assert (kept.verdict, kept.detail) == ("had_it", "The coordinator did not take it: She was at home")


@pytest.mark.parametrize("decide", [take_act, dismiss_act])
def test_it_is_decided_once_and_with_a_reason(waiting: Act, sari: User, decide: Decide) -> None:
    with pytest.raises(ValidationError, match="Say why"), transaction.atomic():
        decide(waiting, reason="  ", by=sari, at=LATER)
    with pytest.raises(ValidationError), transaction.atomic():
        decide(waiting, reason="x" * 301, by=sari, at=LATER)
    decide(waiting, reason="So it was", by=sari, at=LATER)
    for again in (take_act, dismiss_act):
        with pytest.raises(RowMoved), transaction.atomic():
            again(waiting, reason="So it was", by=sari, at=LATER)


def test_a_cancelled_session_has_no_sheet_to_correct(
    running: Session, people: list[Enrollment], sari: User, made: User, at: datetime
) -> None:
    cancel_session(running, reason="Flood", by=sari, at=at)
    send([tap(running, people[0])], by=made)
    act = Act.objects.get()
    with pytest.raises(Refused, match="not open"), transaction.atomic():
        take_act(act, reason="They came", by=sari, at=LATER)
    assert Act.objects.waiting().count() == 1
    dismiss_act(act, reason="Nobody was there", by=sari, at=LATER)


def test_what_waits_on_an_open_sheet_is_just_marked(
    running: Session, people: list[Enrollment], sari: User, made: User
) -> None:
    send([tap(running, people[0], made=-24 * 60)], by=made)
    take_act(Act.objects.get(), reason="The phone's clock was wrong", by=sari, at=LATER)
    assert seat_of(running, people[0]).state == "present"


def test_a_walk_in_is_seated_on_the_closed_sheet(closed: Session, cohort: Cohort, sari: User, made: User) -> None:
    known = PersonFactory.create(village=cohort.village)
    send([came(closed, cohort, person=known.pk), came(closed, cohort, name="Rukmini", sex="female")], by=made)
    for act in Act.objects.waiting().order_by("name"):
        take_act(act, reason="On the photo of the paper", by=sari, at=LATER)
    seats = closed.seats.filter(enrollment__person__in=[known, Person.objects.get(name="Rukmini")])
    assert {*seats.values_list("state", "source", "marks__reason")} == {
        ("present", "phone", "On the photo of the paper")
    }
    assert Act.objects.filter(outcome="taken", mark__isnull=False, seat__in=seats).count() == 2


def test_a_walk_in_of_a_moved_session_is_seated_when_it_is_open(
    running: Session, cohort: Cohort, sari: User, made: User
) -> None:
    send([came(running, cohort, name="Rukmini", sex="female", made=-24 * 60)], by=made)
    take_act(Act.objects.get(), reason="It was this day", by=sari, at=minutes(30))
    assert running.seats.filter(enrollment__person__name="Rukmini", state="present").exists()
    assert running.ends_at - running.starts_at == TWO_HOURS


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_decide_once(waiting: Act, sari: User, admin: User) -> None:
    raised = at_once(
        lambda: take_act(waiting, reason="Yes", by=sari, at=LATER),
        lambda: dismiss_act(waiting, reason="No", by=admin, at=LATER),
    )
    assert sorted(type(error).__name__ for error in raised) == ["NoneType", "RowMoved"]
