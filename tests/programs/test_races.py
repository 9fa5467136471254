"""Two hands at the same moment, each on a connection of its own.

Between look and write there is a forced pause: without it a race test proves nothing. Each guard has a twin in which it
is taken away, and there the race shows.
"""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from time import sleep
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.utils import translation

from accounts.models import User
from attendance.actions import Mark, mark_attendance
from common.errors import Refused, RowMoved
from programs.actions import (
    cancel_session,
    enroll_person,
    plan_session,
    reschedule_session,
    schedule_session,
)
from programs.actions import session as acting
from programs.actions.booking import book, rebook
from programs.models import Booking, Cohort, Session, Trainer, Venue
from programs.states import AttendanceState, ModuleCode, SessionMode
from programs.taken import Taken
from tests.factories import (
    NOW,
    CohortFactory,
    EnrollmentFactory,
    PersonFactory,
    VenueFactory,
    module,
)
from tests.programs.plans import START, TWO_HOURS, draft, history, scheduled

pytestmark = pytest.mark.django_db(transaction=True)

PAUSE = 0.6
Act = Callable[[], object]


def at_once(*acts: Act) -> list[Exception | None]:
    """Do all of it at the same moment; give what each of them raised, in their order."""
    gate = Barrier(len(acts))
    raised: list[Exception | None] = [None] * len(acts)

    def run(place: int, act: Act) -> None:
        try:
            gate.wait(timeout=10)
            with translation.override("en"):
                act()
        except Exception as error:  # noqa: BLE001  it is what we look at
            raised[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return raised


@pytest.fixture
def slow_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause between looking whether a time is free and taking it."""
    for name, write in (("book", book), ("rebook", rebook)):
        monkeypatch.setattr(acting, name, slowly(write))


def slowly(write: Callable[[Session, Taken], None]) -> Callable[[Session, Taken], None]:
    """Do the same a moment later."""

    def later(session: Session, taken: Taken) -> None:
        sleep(PAUSE)
        write(session, taken)

    return later


@pytest.fixture
def no_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the locks away."""
    monkeypatch.setattr(acting, "lock", lambda _taken: None)


def rivals(taken: str, cohort: Cohort, venue: Venue, trainer: Trainer, by: User) -> list[Act]:
    """Two coordinators who want one thing for overlapping times and everything else apart."""
    cohorts = [cohort, cohort if taken == "cohort" else CohortFactory.create(program=cohort.program)]
    venues = [venue, venue if taken == "venue" else VenueFactory.create()]
    trainers = [[trainer], [trainer] if taken == "trainer" else []]
    topic = module(ModuleCode.DESIGN)

    def act(place: int) -> Act:
        starts_at = START + timedelta(minutes=30 * place)
        given: dict[str, Any] = {"starts_at": starts_at, "ends_at": starts_at + TWO_HOURS, "by": by, "at": NOW}
        given |= {"cohorts": [cohorts[place]], "trainers": trainers[place], "venue": venues[place]}
        return lambda: plan_session(program=cohort.program, module=topic, mode=SessionMode.IN_PERSON, **given)

    return [act(0), act(1)]


@pytest.mark.usefixtures("slow_hand")
@pytest.mark.parametrize("taken", ["trainer", "venue", "cohort"])
def test_two_coordinators_at_once_get_one_session_and_one_sentence(
    cohort: Cohort, venue: Venue, trainer: Trainer, sari: User, taken: str
) -> None:
    raised = at_once(*rivals(taken, cohort, venue, trainer, sari))
    (refusal,) = [error for error in raised if error]
    assert isinstance(refusal, Refused)
    assert "already has “Design”" in str(refusal)
    assert Session.objects.count() == 1


@pytest.mark.usefixtures("slow_hand", "no_guard")
@pytest.mark.parametrize("taken", ["trainer", "venue", "cohort"])
def test_without_the_locks_the_race_shows_and_the_constraint_still_refuses(
    cohort: Cohort, venue: Venue, trainer: Trainer, sari: User, taken: str
) -> None:
    raised = at_once(*rivals(taken, cohort, venue, trainer, sari))
    (refusal,) = [error for error in raised if error]
    assert isinstance(refusal, IntegrityError)
    assert f"{taken}_" in str(refusal)
    assert Session.objects.count() == 1
    assert Booking.objects.filter(**{f"{taken}__isnull": False}).count() == 1


@pytest.mark.usefixtures("slow_hand")
def test_back_to_back_at_once_is_allowed(cohort: Cohort, venue: Venue, trainer: Trainer, sari: User) -> None:
    raised = at_once(
        lambda: draft(cohort, venue, trainers=[trainer], by=sari),
        lambda: draft(cohort, venue, trainers=[trainer], starts_at=START + TWO_HOURS, by=sari),
    )
    assert raised == [None, None]
    assert Session.objects.count() == 2


def test_many_hands_on_one_slot_never_deadlock(cohort: Cohort, venue: Venue, trainer: Trainer, sari: User) -> None:
    others = [CohortFactory.create(program=cohort.program) for _ in range(3)]
    groups = [[cohort, *others], [*reversed(others), cohort]] * 4
    raised = at_once(
        *(lambda group=group: draft(cohort, venue, cohorts=group, trainers=[trainer], by=sari) for group in groups)
    )
    assert sum(isinstance(error, Refused) for error in raised) == 7
    assert Session.objects.count() == 1


@pytest.mark.usefixtures("slow_hand")
def test_two_moves_into_one_free_hour_get_it_once(cohort: Cohort, venue: Venue, sari: User) -> None:
    other = CohortFactory.create(program=cohort.program)
    first = scheduled(cohort, venue, by=sari)
    second = scheduled(other, venue, starts_at=START + TWO_HOURS, by=sari)
    goal = START + timedelta(days=1)

    def move(session: Session) -> Act:
        given: dict[str, Any] = {"starts_at": goal, "ends_at": goal + TWO_HOURS, "reason": "Rain", "at": NOW}
        return lambda: reschedule_session(Session.objects.get(pk=session.pk), by=sari, **given)

    (refusal,) = [error for error in at_once(move(first), move(second)) if error]
    assert isinstance(refusal, Refused)
    assert sorted(Session.objects.values_list("revision", flat=True)) == [1, 2]


@pytest.mark.usefixtures("slow_hand")
def test_reschedule_and_cancel_at_once_leave_one_truth(cohort: Cohort, venue: Venue, sari: User) -> None:
    session = scheduled(cohort, venue, by=sari)
    mine, theirs = Session.objects.get(pk=session.pk), Session.objects.get(pk=session.pk)
    later = START + timedelta(days=1)
    raised = at_once(
        lambda: reschedule_session(mine, starts_at=later, ends_at=later + TWO_HOURS, reason="Rain", by=sari, at=NOW),
        lambda: cancel_session(theirs, reason="Hall flooded", by=sari, at=NOW),
    )
    (refusal,) = [error for error in raised if error]
    assert isinstance(refusal, RowMoved)
    session.refresh_from_db()
    kept = {"scheduled": ("rescheduled", 2, True), "cancelled": ("cancelled", 1, False)}
    verb, revision, live = kept[session.state]
    assert session.revision == revision == session.revisions.count()
    assert history(session) == ["planned", "scheduled", verb]
    assert set(session.bookings.values_list("live", flat=True)) == {live}


def test_two_presses_on_schedule_promise_once(cohort: Cohort, venue: Venue, sari: User) -> None:
    EnrollmentFactory.create(cohort=cohort)
    session = draft(cohort, venue, by=sari)
    twice = [Session.objects.get(pk=session.pk) for _ in range(2)]
    raised = at_once(*(lambda row=row: schedule_session(row, by=sari, at=NOW) for row in twice))
    assert [type(error) for error in raised if error] == [RowMoved]
    assert session.seats.count() == session.revisions.count() == 1


def test_enrolling_while_scheduling_forgets_nobody(cohort: Cohort, venue: Venue, sari: User) -> None:
    session, person = draft(cohort, venue, by=sari), PersonFactory.create(village=cohort.village)
    raised = at_once(
        lambda: schedule_session(session, by=sari, at=NOW),
        lambda: enroll_person(cohort, person=person, by=sari, at=NOW),
    )
    assert raised == [None, None]
    assert [seat.enrollment.person for seat in session.seats.select_related("enrollment__person")] == [person]


def test_marking_while_cancelling_leaves_no_mark_on_a_cancelled_session(
    cohort: Cohort, venue: Venue, sari: User
) -> None:
    someone = EnrollmentFactory.create(cohort=cohort)
    session = scheduled(cohort, venue, starts_at=NOW - timedelta(hours=1), by=sari)
    mine, theirs = Session.objects.get(pk=session.pk), Session.objects.get(pk=session.pk)
    raised = at_once(
        lambda: cancel_session(mine, reason="Rain", by=sari, at=NOW),
        lambda: mark_attendance(theirs, marks=[Mark(someone.pk, AttendanceState.PRESENT)], by=sari, at=NOW),
    )
    assert [type(error) for error in raised if error] == [Refused]
    session.refresh_from_db()
    assert (session.state, session.seats.get().state) in {("cancelled", "expected"), ("scheduled", "present")}
