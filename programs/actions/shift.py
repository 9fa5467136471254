"""Moving many sessions by the same days: a whole row makes way for itself, or nothing moves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from itertools import combinations
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import MoveRefused, RowMoved
from common.events import record
from programs.actions.answering import Answer, answered
from programs.actions.booking import book, hold_sessions, lock_all
from programs.actions.series import refuse_looks
from programs.actions.session import check_reason, promise_anew, refuse_promised, renew, times_of
from programs.cautions import surroundings
from programs.models import Booking, Session
from programs.series import Span, shifted
from programs.slots import Diary, Look, bookings_of
from programs.states import MOVABLE, SessionState
from programs.taken import Taken, taken_by_each

MOST: Final = 200  # sessions moved at once
FARTHEST: Final = 366  # days


@dataclass(frozen=True)
class Move:
    """One session, where it would go, and what it would meet there."""

    session: Session
    taken: Taken
    goal: Look

    @property
    def told(self) -> bool:
        """Tell whether people hear of it; nobody was told of a draft."""
        return self.session.state == SessionState.SCHEDULED


def look_at_shift(sessions: Sequence[Session], *, days: int, clock: time | None, by: User, at: datetime) -> list[Move]:
    """Tell where each would go and what it would meet there, the moved ones apart; nothing is written."""
    _check(sessions, days, clock)
    goals = {
        row.pk: shifted(Span(row.starts_at, row.ends_at), days=days, zone=row.zone, clock=clock) for row in sessions
    }
    if any(goal.starts_at <= at for goal in goals.values()):
        raise ValidationError(_("A shift moves what is to come; one of these would lie in the past."), code="days")
    taken = taken_by_each(sessions)
    diaries = _diaries(sessions, goals, taken, by=by)
    looks = {pk: diary.look(goals[pk]) for pk, diary in diaries.items()}
    meet = _met_among_themselves(sessions, goals, taken)
    return [
        Move(row, taken[row.pk], replace(looks[row.pk], clashes=(*looks[row.pk].clashes, *meet[row.pk])))
        for row in sorted(sessions, key=lambda row: (row.starts_at, row.pk))
    ]


@transaction.atomic
def shift_sessions(
    sessions: Sequence[Session],
    *,
    days: int,
    reason: str,
    by: User,
    at: datetime,
    clock: time | None = None,
    override: str | None = None,
) -> list[Session]:
    """Move all of these by some days, or none; the revisions and times that the caller saw must still hold.

    What was promised is promised anew and told; a draft is only changed.
    """
    check_reason(reason)
    _check(sessions, days, clock)
    seen = taken_by_each(sessions)
    lock_all(seen.values())
    hold_sessions(seen)  # by their keys: the row is written by its days
    moves = look_at_shift(sessions, days=days, clock=clock, by=by, at=at)
    for move in moves:
        if move.taken != seen[move.session.pk]:  # a draft was changed while this waited
            raise RowMoved(move.session)
    refuse_looks((move.goal for move in moves), override=override)
    before = {move.session.pk: times_of(move.session) for move in moves}
    for move in moves:
        _write(move)
    Booking.objects.filter(session__in=[move.session.pk for move in moves]).delete()
    for move in moves:
        book(move.session, move.taken)
    for move in moves:
        answer = answered(move.goal.cautions, override)
        _tell(move, answer, before=before[move.session.pk], reason=reason, by=by, at=at)
    return [move.session for move in moves]


def _check(sessions: Sequence[Session], days: int, clock: time | None) -> None:
    if not 1 <= len(sessions) <= MOST:
        raise ValidationError(_("Shift 1 to %(most)s sessions at once.") % {"most": MOST}, code="sessions")
    if abs(days) > FARTHEST:
        raise ValidationError(_("Shift by at most a year."), code="days")
    if not days and clock is None:
        raise ValidationError(_("Say by how many days, or at which hour."), code="days")
    if any(session.state not in MOVABLE for session in sessions):
        raise MoveRefused(_("Only drafts and scheduled sessions can be shifted."))


def _diaries(
    sessions: Sequence[Session], goals: dict[int, Span], taken: dict[int, Taken], *, by: User
) -> dict[int, Diary]:
    """Read the diaries of all; sessions that take the same things share one."""
    start, end = min(goal.starts_at for goal in goals.values()), max(goal.ends_at for goal in goals.values())
    bookings = bookings_of(taken.values(), start, end, by=by, besides=sessions)
    shared: dict[object, Diary] = {}
    diaries = {}
    for row in sessions:
        mine = taken[row.pk]
        key = (row.program_id, row.capacity, *map(tuple, (mine.cohorts, mine.trainers, mine.venues)))
        if key not in shared:
            around = surroundings(row.program, mine, start, end, by=by, besides=sessions, capacity=row.capacity)
            shared[key] = Diary(Span(start, end), mine.zone, [one for one in bookings if mine.takes(one)], around)
        diaries[row.pk] = shared[key]
    return diaries


def _met_among_themselves(
    sessions: Sequence[Session], goals: dict[int, Span], taken: dict[int, Taken]
) -> dict[int, list[str]]:
    """Name what two of the moved ones would both take, which only another hour of the day can bring about."""
    met: dict[int, list[str]] = {row.pk: [] for row in sessions}
    for one, other in combinations(sessions, 2):
        if goals[one.pk].meets(goals[other.pk]):
            for thing in taken[one.pk].shared_with(taken[other.pk]):
                facts = {"name": thing, "title": other.title}
                met[one.pk].append(_("%(name)s would have “%(title)s” at the same time.") % facts)
    return met


def _write(move: Move) -> None:
    """Write the new time over the one that was seen, or say that another hand was faster."""
    session, goal = move.session, move.goal.span
    if move.told:
        renew(session, starts_at=goal.starts_at, ends_at=goal.ends_at, venue=session.venue, zone=session.zone)
    else:
        refuse_promised(session)
        same = Session.objects.filter(pk=session.pk, starts_at=session.starts_at, ends_at=session.ends_at)
        if not same.update(starts_at=goal.starts_at, ends_at=goal.ends_at):
            raise RowMoved(session)
        session.starts_at, session.ends_at = goal


def _tell(move: Move, answer: Answer, *, before: dict[str, Any], reason: str, by: User, at: datetime) -> None:
    """Promise anew what was promised; write down what only changed."""
    session = move.session
    if move.told:
        promise_anew(session, answer, before=before, reason=reason, by=by, at=at)
        return
    session.override_reason = answer.reason
    session.save(update_fields=["override_reason"])
    facts = {"before": before, "reason": reason.strip(), **answer.facts, **times_of(session)}
    record(session, verb="changed", by=by, at=at, **facts)
