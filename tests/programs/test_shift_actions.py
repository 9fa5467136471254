"""Moving a whole row of sessions by some days."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from almanac.states import Effect
from attendance.actions import mark_attendance
from attendance.actions.marking import Mark
from common.errors import MoveRefused, Refused, RowMoved
from common.models import Event
from programs.actions import answer_session, change_session, look_at_shift, reschedule_session, shift_sessions
from programs.cautions import Warned
from programs.models import Booking, Cohort, Enrollment, Session, Trainer, Venue
from programs.states import ModuleCode, SessionMode
from reminders.models import Message
from reminders.states import MessageState
from tests.factories import CalendarBlockFactory, CohortFactory, VenueFactory, module
from tests.programs.plans import START, TWO_HOURS, draft, history, scheduled

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)


@pytest.fixture
def row(enrolled: Enrollment, cohort: Cohort, venue: Venue, trainer: Trainer, sari: User) -> list[Session]:
    """Three promised Thursdays and a draft, back to back with one another by the week."""
    return [
        *(
            scheduled(cohort, venue, trainers=[trainer], starts_at=START + place * WEEK, topic=f"Part {place}", by=sari)
            for place in range(3)
        ),
        draft(cohort, venue, trainers=[trainer], starts_at=START + 3 * WEEK, topic="Draft", by=sari),
    ]


def fresh(sessions: list[Session]) -> list[Session]:
    return list(Session.objects.filter(pk__in=[row.pk for row in sessions]).order_by("starts_at"))


def shift(sessions: list[Session], by: User, at: datetime, **other: Any) -> list[Session]:
    return shift_sessions(fresh(sessions), **{"days": 7, "reason": "Harvest", "by": by, "at": at, **other})


def test_a_row_moved_by_a_week_makes_way_for_itself(row: list[Session], sari: User, at: datetime) -> None:
    moved = shift(row, sari, at)
    assert [session.starts_at for session in fresh(row)] == [START + (place + 1) * WEEK for place in range(4)]
    assert {(one.starts_at, one.ends_at) for one in Booking.objects.all()} == {
        (session.starts_at, session.ends_at) for session in moved
    }
    assert Booking.objects.count() == 4 * 3
    assert [session.revision for session in fresh(row)] == [2, 2, 2, 1]


def test_what_was_promised_is_promised_anew_and_a_draft_only_changed(
    row: list[Session], sari: User, at: datetime
) -> None:
    answer_session(row[0].seats.get(), rsvp="yes", at=at)
    shift(row, sari, at)
    assert [history(session)[-1] for session in row] == ["rescheduled"] * 3 + ["changed"]
    first = fresh(row)[0]
    assert [revision.reason for revision in first.revisions.order_by("number")] == ["", "Harvest"]
    assert first.seats.get().rsvp == ""
    now_told = Message.objects.filter(session=first).exclude(state=MessageState.SUPERSEDED)
    assert set(now_told.values_list("revision__number", flat=True)) == {2}
    assert not Message.objects.filter(session=row[3]).exists()
    facts = Event.objects.about(row[3]).get(verb="changed").facts
    assert (facts["reason"], facts["before"]["starts_at"]) == ("Harvest", (START + 3 * WEEK).isoformat())


def test_another_hour_can_be_chosen_for_all(row: list[Session], sari: User, at: datetime) -> None:
    shift(row, sari, at, days=0, clock=time(13))
    assert [session.starts_at.hour for session in fresh(row)] == [6] * 4  # 13.00 WIB
    assert {session.minutes for session in fresh(row)} == {120}


def test_one_clash_moves_nothing_and_is_named(row: list[Session], venue: Venue, sari: User, at: datetime) -> None:
    other = CohortFactory.create(program=row[0].program)
    draft(other, venue, topic="Loom care", starts_at=START + 4 * WEEK, by=sari)
    with pytest.raises(Refused, match="Loom care"):
        shift(row, sari, at)
    assert [session.starts_at for session in fresh(row)] == [START + place * WEEK for place in range(4)]
    assert {history(session)[-1] for session in row} == {"scheduled", "planned"}


def test_two_of_the_moved_ones_may_not_land_on_each_other(
    row: list[Session], cohort: Cohort, venue: Venue, sari: User, at: datetime
) -> None:
    second = scheduled(cohort, venue, starts_at=START + timedelta(hours=3), topic="Afternoon", by=sari)
    moves = look_at_shift([row[0], second], days=7, clock=time(9), by=sari, at=at)
    assert [move.goal.impossible for move in moves] == [True, True] or moves[0].goal.impossible
    with pytest.raises(Refused, match="“Afternoon” at the same time"):
        shift([row[0], second], sari, at, clock=time(9))
    shift([row[0], second], sari, at, days=1)


def test_warnings_ask_for_a_reason_and_blocks_refuse(row: list[Session], sari: User, at: datetime) -> None:
    CalendarBlockFactory.create(name="Libur", starts_on=(START + 3 * WEEK).date())
    with pytest.raises(Warned, match="Libur"):
        shift(row[2:], sari, at, override="")
    promised, planned = shift(row[2:], sari, at, override="The village agreed")
    assert (promised.override_reason, planned.override_reason) == ("The village agreed", "")
    assert promised.revisions.get(number=2).override_reason == "The village agreed"
    assert Event.objects.about(promised).get(verb="rescheduled").facts["passed"][0]["kind"] == "public_holiday"
    CalendarBlockFactory.create(name="Sedekah bumi", starts_on=(START + timedelta(days=1)).date(), effect=Effect.BLOCK)
    with pytest.raises(Refused, match="nothing is planned then"):
        shift(row[:1], sari, at, days=1, override="Please")


def test_revision_that_was_seen_must_still_hold(row: list[Session], sari: User, at: datetime) -> None:
    seen = fresh(row)
    later = START + timedelta(days=1)
    reschedule_session(row[0], starts_at=later, ends_at=later + TWO_HOURS, reason="Rain", by=sari, at=at)
    with pytest.raises(RowMoved):
        shift_sessions(seen, days=7, reason="Harvest", by=sari, at=at)
    assert [session.revision for session in fresh(row)] == [2, 1, 1, 1]


def test_draft_that_was_changed_meanwhile_is_said(
    row: list[Session], cohort: Cohort, venue: Venue, sari: User, at: datetime
) -> None:
    seen, start = fresh(row), START + 3 * WEEK + timedelta(hours=1)
    given: dict[str, Any] = {"cohorts": [cohort], "trainers": [], "venue": venue, "mode": SessionMode.IN_PERSON}
    given |= {"starts_at": start, "ends_at": start + TWO_HOURS, "module": module(ModuleCode.DESIGN)}
    change_session(row[3], **given, by=sari, at=at)
    with pytest.raises(RowMoved):
        shift_sessions(seen, days=7, reason="Harvest", by=sari, at=at)
    assert {session.revision for session in fresh(row)} == {1}


def test_what_was_attended_does_not_move(
    row: list[Session], enrolled: Enrollment, cohort: Cohort, venue: Venue, sari: User, at: datetime
) -> None:
    begun = scheduled(cohort, venue, starts_at=at - timedelta(hours=1), by=sari)
    mark_attendance(begun, marks=[Mark(enrolled.pk, "present")], by=sari, at=at)
    with pytest.raises(Refused, match="took place"):
        shift([begun, *row], sari, at, days=30)
    assert {session.revision for session in fresh(row)} == {1}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"days": 0}, "days"),
        ({"days": 367}, "days"),
        ({"days": -367}, "days"),
        ({"days": -7}, "days"),
        ({"reason": "  "}, "reason"),
    ],
)
def test_shift_that_makes_no_sense_is_refused(
    row: list[Session], sari: User, at: datetime, wrong: dict[str, Any], code: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        shift(row, sari, at, **wrong)
    assert refusal.value.code == code


def test_shift_takes_some_and_no_more_than_it_can(session: Session, sari: User, at: datetime) -> None:
    for rows in ([], [session] * 201):
        with pytest.raises(ValidationError) as refusal:
            shift_sessions(rows, days=7, reason="Harvest", by=sari, at=at)
        assert refusal.value.code == "sessions"


@pytest.mark.parametrize("state", ["held", "closed", "cancelled"])
def test_what_is_over_stays(session: Session, sari: User, at: datetime, state: str) -> None:
    Session.objects.filter(pk=session.pk).update(state=state, reason="Rain")
    with pytest.raises(MoveRefused):
        shift([session], sari, at)


def test_looking_costs_the_same_for_one_and_seven(
    cohort: Cohort, venue: Venue, trainer: Trainer, sari: User, at: datetime
) -> None:
    rows = [scheduled(cohort, venue, trainers=[trainer], starts_at=START + n * WEEK, by=sari) for n in range(7)]
    costs = []
    for some in (rows[:1], rows):
        sessions = list(Session.objects.select_related("program", "module").filter(pk__in=[one.pk for one in some]))
        with CaptureQueriesContext(connection) as queries:
            assert len(look_at_shift(sessions, days=1, clock=None, by=sari, at=at)) == len(some)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 7


def test_sessions_of_different_places_keep_their_own_hours(
    row: list[Session], cohort: Cohort, sari: User, at: datetime
) -> None:
    other = scheduled(cohort, VenueFactory.create(), starts_at=START + timedelta(days=1), by=sari)
    moves = look_at_shift([*row, other], days=1, clock=None, by=sari, at=at)
    assert all(move.goal.span.starts_at - move.session.starts_at == timedelta(days=1) for move in moves)
