"""Of action items whose day comes, and has passed: one message per mentor, village and day, with how many there are."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Count, Q
from django.urls import reverse

from briefings.looking import WITHDRAWN, Standing, claimed, day_moment, notice_for, read, silent, spoken
from briefings.wishes import Scope, Telling, Wish
from common.dates import local_date, long_date
from common.numbers import number
from common.zones import Zone
from mentoring.models import ActionItem, Assignment
from mentoring.states import ActionState, VisitState
from reminders.families import Claimed
from reminders.models import Message
from reminders.states import Kind, Reason
from villages.models import Village

VILLAGE: Final = Village._meta.label_lower
THE_DAY_BEFORE, THE_DAY_AFTER, UNTIL_EVENING = time(9), time(8), time(20)
NEAR: Final = timedelta(days=2)
USEFUL: Final = timedelta(days=3)
ITEM: Final = "village__action_items__"
HANDED_IN: Final = (VisitState.SUBMITTED, VisitState.RETURNED, VisitState.APPROVED)
OPEN: Final = Q(**{f"{ITEM}state": ActionState.OPEN, f"{ITEM}visit__state__in": HANDED_IN})


def due(at: datetime, scope: Scope) -> Iterable[Wish]:
    """Wish for one message at 09.00 the day before; on the day itself nothing new is planned."""
    today = local_date(at, Zone.WIB)
    for mentor, village, due_on, zone in _open(today, today - timedelta(days=1), today + NEAR, scope):
        until = day_moment(due_on, UNTIL_EVENING, zone)
        if at < until:
            yield Wish(
                kind=Kind.ACTION_DUE,
                subject=(VILLAGE, str(village), due_on.isoformat()),
                user=mentor,
                due_at=day_moment(due_on, THE_DAY_BEFORE, zone, plus=-1),
                expires_at=until,
                fresh=due_on > local_date(at, zone),
            )


def overdue(at: datetime, scope: Scope) -> Iterable[Wish]:
    """Wish for one message at 08.00 the day after, while something of that day is open; of use for three days."""
    today = local_date(at, Zone.WIB)
    for mentor, village, due_on, zone in _open(today, today - USEFUL - timedelta(days=1), today, scope):
        until = day_moment(due_on, UNTIL_EVENING, zone, plus=USEFUL.days)
        if at < until:
            yield Wish(
                kind=Kind.ACTION_OVERDUE,
                subject=(VILLAGE, str(village), due_on.isoformat()),
                user=mentor,
                due_at=day_moment(due_on, THE_DAY_AFTER, zone, plus=1),
                expires_at=until,
            )


def _open(today: date, first: date, last: date, scope: Scope) -> Iterable[tuple[int, int, date, str]]:
    """Read which mentor holds which village with something open that is due in these days, and the zone there."""
    letters = Assignment.objects.current(today).filter(mentor__is_active=True)
    near = letters.filter(OPEN, **{f"{ITEM}due_on__range": (first, last)}, **scope.terms(key="village", user="mentor"))
    columns = ("mentor", "village", f"{ITEM}due_on", "village__region__zone")
    found: Iterable[tuple[int, int, date, str]] = near.order_by("village").values_list(*columns).distinct()
    return found


def looks(ids: Sequence[int], at: datetime) -> list[Claimed]:
    """Read messages about what is due in villages, and count what is still open; 5 queries."""
    messages = read(ids)
    villages = Village.objects.select_related("region").in_bulk({int(message.subject_id) for message in messages})
    items = ActionItem.objects.open().filter(village__in=villages, visit__state__in=HANDED_IN)
    counts = {(pk, day): n for pk, day, n in items.order_by().values_list("village", "due_on").annotate(Count("pk"))}
    letters = Assignment.objects.current(local_date(at, Zone.WIB)).filter(village__in=villages)
    held = set(letters.values_list("mentor", "village"))
    standing = Standing(messages)
    return [_look(message, villages[int(message.subject_id)], counts, held, standing) for message in messages]


def _look(
    message: Message,
    village: Village,
    counts: dict[tuple[int, date | None], int],
    held: set[tuple[int, int]],
    standing: Standing,
) -> Claimed:
    due_on = date.fromisoformat(message.subject_revision)
    count = counts.get((village.pk, due_on), 0) if (message.user_id, village.pk) in held else 0
    objection = standing.objection(message) or (None if count else (WITHDRAWN, Reason.DONE))
    if message.user is None:
        return silent(message, objection, zone=village.zone)
    with spoken(message.user):
        values = {"count": number(count), "village": village.name, "due": long_date(due_on)}
        page = "mentor-home" if message.kind == Kind.ACTION_DUE else "action-item-list"
        notice = notice_for(message.user, message.kind, reverse(page), values)
    return claimed(message, zone=village.zone, objection=objection, notice=notice)


TELLINGS = (Telling(Kind.ACTION_DUE, VILLAGE, due), Telling(Kind.ACTION_OVERDUE, VILLAGE, overdue))
