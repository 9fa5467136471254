"""The repair of the plan: what is near every time, the rest in rotation, what came too late set by set.

It goes in steps, each a transaction of its own, so that whoever does it can send in between. Its memory does not grow
with the number of sessions.
"""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q

from common.chores import do_sweep_chores
from programs.models import Session
from reminders.models import Message, Pulse, Sweep
from reminders.outage import close_outages
from reminders.planning import AHEAD, AT_ONCE, plan_sessions
from reminders.states import MessageState, Reason

Place = tuple[datetime, int]  # start and key of a session
LATE_AT_ONCE = 2_000
NEAR = timedelta(days=4)  # the first reminder is due three days before
FAR_FOR = 20.0  # seconds for the far sessions of one sweep
TURN_EVERY = timedelta(minutes=4, seconds=30)
REMEMBERED = timedelta(days=1)

# One sweep at a time for all processes; a clock that was set back does not stop them.
TAKE_TURN = """
INSERT INTO reminders_sweep (id, began_at, reached) VALUES (1, %(at)s, 0)
ON CONFLICT (id) DO UPDATE SET began_at = EXCLUDED.began_at
WHERE reminders_sweep.began_at IS NULL OR reminders_sweep.began_at NOT BETWEEN %(since)s AND %(at)s
RETURNING id
"""


def take_turn(*, at: datetime) -> bool:
    """Say whether the plan is to be repaired now, and by us."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_TURN, {"at": at, "since": at - TURN_EVERY})
        return cursor.fetchone() is not None


def sweep(*, at: datetime) -> None:
    """Repair the plan from one end to the other."""
    for _step in steps(at=at):
        pass


def steps(*, at: datetime) -> Iterator[None]:
    """Repair the plan in steps of about a second."""
    yield from _expire(at)
    for _place in _plan((at, 0), (at + NEAR, 0), at=at):
        yield
    yield from _rotate(at)
    do_sweep_chores(at)
    close_outages(at=at)
    Pulse.objects.filter(at__lt=at - REMEMBERED).delete()


def _expire(at: datetime) -> Iterator[None]:
    """Settle what came too late; it was due before, so the index of what is due finds it."""
    late = Message.objects.due(at).filter(expires_at__lte=at).order_by("due_at", "pk").values("pk")
    while (
        Message.objects.due(at)
        .filter(pk__in=late[:LATE_AT_ONCE])
        .update(state=MessageState.EXPIRED, note=Reason.TOO_LATE)
    ):
        yield


def _rotate(at: datetime) -> Iterator[None]:
    """Plan far sessions from where the last sweep stopped, once round or until the time for them is over."""
    end, edge, last = time.monotonic() + FAR_FOR, (at + NEAR, 0), (datetime.max.replace(tzinfo=at.tzinfo), 0)
    kept = Sweep.objects.filter(reached_at__gt=edge[0]).values_list("reached_at", "reached").first()
    begun = (kept[0], kept[1]) if kept and kept[0] else edge
    for first, until in ((begun, last), (edge, begun)):
        for place in _plan(first, until, at=at):
            _keep(place)
            yield
            if time.monotonic() > end:
                return
    _keep(begun)


def _plan(first: Place, last: Place, *, at: datetime) -> Iterator[Place]:
    """Plan the sessions after the first place up to the last one, a few hundred at a time; yields how far it came."""
    ahead = Session.objects.filter(_until(last), state__in=AHEAD).order_by("starts_at", "pk")
    while found := list(ahead.filter(_beyond(first)).values_list("starts_at", "pk")[:AT_ONCE]):
        plan_sessions([pk for _start, pk in found], at=at, wait=False)
        first = found[-1]
        yield first


def _beyond(place: Place) -> Q:
    """Match the sessions after this place; the first term lets the index of starts find them."""
    start, pk = place
    return Q(starts_at__gte=start) & (Q(starts_at__gt=start) | Q(pk__gt=pk))


def _until(place: Place) -> Q:
    """Match the sessions up to and with this place."""
    start, pk = place
    return Q(starts_at__lte=start) & (Q(starts_at__lt=start) | Q(pk__lte=pk))


def _keep(place: Place) -> None:
    Sweep.objects.update_or_create(pk=1, defaults={"reached_at": place[0], "reached": place[1]})
