"""Whole series and whole rows against single sessions at the same moment; and hundreds of wishes for one hour.

As in the races of single sessions there is a forced pause between look and write, and each guard has a twin without it.
"""

from collections.abc import Callable
from datetime import timedelta
from time import sleep
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError

from accounts.models import User
from common.errors import Refused, RowMoved
from programs.actions import (
    change_program,
    discard_session,
    plan_series,
    reschedule_session,
    schedule_session,
    shift_sessions,
)
from programs.actions import series as serial
from programs.actions import session as acting
from programs.actions import shift as shifting
from programs.actions.booking import book
from programs.models import Booking, Cohort, Program, Session, Venue
from programs.series import Span
from programs.states import ModuleCode, SessionMode
from tests.factories import NOW, CohortFactory, VenueFactory, module
from tests.programs.plans import START, TWO_HOURS, draft, history, scheduled
from tests.programs.test_races import PAUSE, Act, at_once, slowly

pytestmark = pytest.mark.django_db(transaction=True)

WEEK = timedelta(days=7)
HANDS, WISHES = 16, 15  # 240 wishes


@pytest.fixture
def slow_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause between looking whether a time is free and taking it."""
    for place in (acting, shifting):
        monkeypatch.setattr(place, "book", slowly(book))


@pytest.fixture
def no_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the locks away."""
    for place, name in ((acting, "lock"), (serial, "lock"), (shifting, "lock_all")):
        monkeypatch.setattr(place, name, lambda _taken: None)


def series(cohort: Cohort, venue: Venue, by: User, *starts: Any) -> Act:
    given: dict[str, Any] = {"program": cohort.program, "module": module(ModuleCode.DESIGN), "cohorts": [cohort]}
    given |= {"trainers": [], "venue": venue, "mode": SessionMode.IN_PERSON, "by": by, "at": NOW}
    spans = [Span(start, start + TWO_HOURS) for start in starts]
    return lambda: plan_series(spans=spans, **given)


def shift(session: Session, by: User, **other: Any) -> Act:
    given: dict[str, Any] = {"days": 7, "reason": "Harvest", "by": by, "at": NOW, **other}
    seen = Session.objects.select_related("program", "module").get(pk=session.pk)
    return lambda: shift_sessions([seen], **given)


def single(cohort: Cohort, venue: Venue, by: User, minutes: int = 30) -> Act:
    return lambda: draft(cohort, venue, starts_at=START + timedelta(minutes=minutes), by=by)


def rival_of(kind: str, cohort: Cohort, venue: Venue, by: User) -> Act:
    """Someone who wants next Thursday at ten along with a whole series, or by moving what stands a week before."""
    if kind == "series":
        return series(cohort, venue, by, START, START + timedelta(days=1), START + timedelta(days=2))
    return shift(scheduled(cohort, venue, starts_at=START - timedelta(days=6), by=by), by, days=6)


@pytest.mark.usefixtures("slow_hand")
@pytest.mark.parametrize("kind", ["series", "shift"])
def test_many_and_one_at_once_get_the_hour_once(cohort: Cohort, venue: Venue, sari: User, kind: str) -> None:
    other = CohortFactory.create(program=cohort.program)
    raised = at_once(rival_of(kind, cohort, venue, sari), single(other, venue, sari))
    (refusal,) = [error for error in raised if error]
    assert isinstance(refusal, Refused)
    assert venue.name in str(refusal)
    assert Booking.objects.during(START, START + TWO_HOURS).filter(venue=venue).count() == 1


@pytest.mark.usefixtures("slow_hand", "no_guard")
@pytest.mark.parametrize("kind", ["series", "shift"])
def test_without_the_locks_many_and_one_race_and_the_constraint_still_refuses(
    cohort: Cohort, venue: Venue, sari: User, kind: str
) -> None:
    other = CohortFactory.create(program=cohort.program)
    raised = at_once(rival_of(kind, cohort, venue, sari), single(other, venue, sari))
    (refusal,) = [error for error in raised if error]
    assert isinstance(refusal, IntegrityError)
    assert Booking.objects.during(START, START + TWO_HOURS).filter(venue=venue).count() == 1


def test_the_same_row_shifted_twice_at_once_moves_once(cohort: Cohort, venue: Venue, sari: User) -> None:
    session = scheduled(cohort, venue, by=sari)
    raised = at_once(shift(session, sari), shift(session, sari))
    assert [type(error) for error in raised if error] == [RowMoved]
    session.refresh_from_db()
    assert (session.starts_at, session.revision) == (START + WEEK, 2)
    assert history(session) == ["planned", "scheduled", "rescheduled"]


def test_two_rows_that_cross_never_deadlock(cohort: Cohort, venue: Venue, sari: User) -> None:
    other, hall = CohortFactory.create(program=cohort.program), VenueFactory.create()
    rows = [
        scheduled(cohort, venue, starts_at=START, by=sari),
        scheduled(other, hall, starts_at=START, by=sari),
        scheduled(cohort, hall, starts_at=START + WEEK, by=sari),
        scheduled(other, venue, starts_at=START + WEEK, by=sari),
    ]

    def both(*sessions: Session) -> Callable[[], object]:
        seen = list(Session.objects.select_related("program", "module").filter(pk__in=[row.pk for row in sessions]))
        return lambda: shift_sessions(seen, days=1, reason="Harvest", by=sari, at=NOW)

    assert at_once(both(rows[0], rows[3]), both(rows[2], rows[1])) == [None, None]


@pytest.fixture
def slow_write(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause after each session of a row."""
    write = vars(shifting)["_write"]

    def later(move: shifting.Move) -> None:
        write(move)
        sleep(PAUSE)

    monkeypatch.setattr(shifting, "_write", later)


def shift_and_switch(cohort: Cohort, venue: Venue, by: User) -> list[Exception | None]:
    """Shift two sessions, the older row on the later day, while a switch of the program plans all messages again."""
    later, earlier = (scheduled(cohort, venue, starts_at=START + days, by=by) for days in (WEEK, timedelta()))
    row = list(Session.objects.select_related("program", "module").filter(pk__in=[later.pk, earlier.pk]))

    def switch() -> None:
        for on in (False, True) * 3:
            change_program(Program.objects.get(pk=cohort.program_id), sends_h3=on, by=by, at=NOW)

    return at_once(lambda: shift_sessions(row, days=15, reason="Harvest", by=by, at=NOW), switch)


@pytest.mark.usefixtures("slow_write")
def test_shifting_and_switching_never_deadlock(cohort: Cohort, venue: Venue, sari: User) -> None:
    assert shift_and_switch(cohort, venue, sari) == [None, None]


@pytest.mark.usefixtures("slow_write")
def test_without_one_order_of_sessions_they_deadlock(
    cohort: Cohort, venue: Venue, sari: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shifting, "hold_sessions", lambda _keys: None)
    raised = [error for error in shift_and_switch(cohort, venue, sari) if error]
    assert [type(error) for error in raised] == [OperationalError]


def test_discarding_while_scheduling_leaves_one_truth(cohort: Cohort, venue: Venue, sari: User) -> None:
    session = draft(cohort, venue, by=sari)
    mine, theirs = Session.objects.get(pk=session.pk), Session.objects.get(pk=session.pk)
    raised = at_once(lambda: discard_session(mine, by=sari, at=NOW), lambda: schedule_session(theirs, by=sari, at=NOW))
    (refusal,) = [error for error in raised if error]
    assert isinstance(refusal, Refused)
    assert Session.objects.count() == Booking.objects.filter(venue=venue).count() == int(bool(raised[0]))


def test_hundreds_of_wishes_for_one_hour_are_granted_once(cohort: Cohort, venue: Venue, sari: User) -> None:
    """Singles, series, shifts and moves, from many connections at once."""
    groups = [CohortFactory.create(program=cohort.program) for _ in range(HANDS)]
    far = [scheduled(one, VenueFactory.create(), starts_at=START - 6 * timedelta(days=1), by=sari) for one in groups]
    granted: list[int] = []

    def insist(place: int) -> Act:
        session, group = far[place], groups[place]
        wishes: list[Act] = [
            single(group, venue, sari, minutes=place),
            series(group, venue, sari, START + timedelta(days=20 + place), START),
            lambda: reschedule_session(
                Session.objects.get(pk=session.pk),
                starts_at=START,
                ends_at=START + TWO_HOURS,
                venue=venue,
                reason="Rain",
                by=sari,
                at=NOW,
            ),
        ]

        def again() -> None:
            for turn in range(WISHES):
                try:
                    wishes[(turn + place) % len(wishes)]()
                except Refused:
                    continue
                granted.append(place)

        return again

    assert at_once(*(insist(place) for place in range(HANDS))) == [None] * HANDS
    assert len(granted) == 1
    assert Booking.objects.during(START, START + TWO_HOURS).filter(venue=venue).count() == 1
