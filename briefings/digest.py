"""The digest of the morning: what waits for a coordinator or a payer, in counts and one link; else nothing."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Final

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import ngettext

from accounts.models import User
from accounts.states import Role
from briefings.looking import WITHDRAWN, Standing, claimed, day_moment, notice_for, read, silent, spoken
from briefings.wishes import Scope, Telling, Wish
from common.dates import local_date
from common.numbers import number
from common.zones import Zone
from programs.models import Attendance
from programs.states import SEATED, SessionState
from progress.waiting import Matter, unpaid, waiting_of
from reminders.families import Claimed
from reminders.models import ManualContact, Message
from reminders.states import TOLD, Kind, MessageState, Reason

USER: Final = User._meta.label_lower
BEFORE_WORK, AT_WORK, UNTIL = time(6, 30), time(9), time(11)
SOON: Final = timedelta(days=7)
WAITING: Final = (MessageState.PLANNED, MessageState.CLAIMED)

# Each line names its own count, so that a language may bend its words.
UNREACHED: Final = "unreached"
LINES: Final[dict[str, Callable[[int], str]]] = {
    UNREACHED: lambda n: ngettext("%(n)s session with people not reached", "%(n)s sessions with people not reached", n),
    Matter.UNREADY: lambda n: ngettext("%(n)s session not ready", "%(n)s sessions not ready", n),
    Matter.UNMARKED: lambda n: ngettext("%(n)s session without attendance", "%(n)s sessions without attendance", n),
    Matter.UNCLOSED: lambda n: ngettext("%(n)s sheet not closed", "%(n)s sheets not closed", n),
    Matter.PENDING: lambda n: ngettext("%(n)s visit to approve", "%(n)s visits to approve", n),
    Matter.HELD: lambda n: ngettext("%(n)s visit to decide on", "%(n)s visits to decide on", n),
    Matter.UNLOGGED: lambda n: ngettext("%(n)s planned visit not logged", "%(n)s planned visits not logged", n),
    Matter.CLAIMS: lambda n: ngettext("%(n)s claim to decide on", "%(n)s claims to decide on", n),
    Matter.PAYMENTS: lambda n: ngettext("%(n)s claim to pay", "%(n)s claims to pay", n),
    Matter.OVERDUE: lambda n: ngettext("%(n)s action item overdue", "%(n)s action items overdue", n),
}


def mornings(at: datetime, scope: Scope) -> Iterable[Wish]:
    """Wish for one digest a day per coordinator and payer, at 06.30 of most of their villages; of use until 11.00.

    From 09.00 on nothing new is planned: whoever is at work has seen it.
    """
    for coordinator, zone in _zones(at, scope).items():
        today = local_date(at, zone)
        until = day_moment(today, UNTIL, zone)
        if at < until:
            yield Wish(
                kind=Kind.DIGEST,
                subject=(USER, str(coordinator), today.isoformat()),
                user=coordinator,
                due_at=day_moment(today, BEFORE_WORK, zone),
                expires_at=until,
                fresh=at < day_moment(today, AT_WORK, zone),
            )


def _zones(at: datetime, scope: Scope) -> dict[int, str]:
    """Name each coordinator and each payer of a running program, and the zone of most of the villages there."""
    desks = User.objects.filter(role=Role.COORDINATOR)
    waits = Exists(unpaid(at).filter(program__finance_officers=OuterRef("pk")))  # nothing else waits for them
    payers = User.objects.filter(waits, role=Role.FINANCE)
    return _zones_of(desks, "coordinated_programs", at, scope) | _zones_of(payers, "financed_programs", at, scope)


def _zones_of(users: QuerySet[User], runs: str, at: datetime, scope: Scope) -> dict[int, str]:
    today = local_date(at, Zone.WIB)
    desks = users.filter(
        is_active=True,
        **{f"{runs}__starts_on__lte": today, f"{runs}__ends_on__gte": today},
        **scope.terms(key="pk", user="pk"),
    )
    zone = f"{runs}__cohorts__village__region__zone"
    counted = desks.order_by().values_list("pk", zone).annotate(n=Count(f"{runs}__cohorts", distinct=True))
    return {pk: name or Zone.WIB for pk, name, _n in counted.order_by("n", zone)}


def looks(ids: Sequence[int], at: datetime) -> list[Claimed]:
    """Read digests and count what waits at this very moment; a fixed number of queries."""
    messages = read(ids)
    users = frozenset(message.user_id for message in messages if message.user_id)
    waiting, zones = waiting_of(users, at=at), _zones(at, Scope(users=users))
    for coordinator, count in _unreached(users, at):
        waiting[coordinator][UNREACHED] += count
    standing = Standing(messages)
    return [_look(message, waiting, zones.get(message.user_id or 0), standing) for message in messages]


def _unreached(users: Collection[int], at: datetime) -> QuerySet[Attendance, tuple[int, int]]:
    """Count, for each coordinator, the sessions of the coming week with somebody whom no message and nobody tells."""
    current = {"session": OuterRef("session"), "revision__number": OuterRef("session__revision")}
    person, runs = OuterRef("enrollment__person"), "session__program__coordinators"
    texts = Message.objects.filter(**current, people=person, state__in=(*TOLD, *WAITING))
    by_hand = ManualContact.objects.filter(**current, person=person)
    seats = Attendance.objects.filter(
        session__state=SessionState.SCHEDULED,
        session__starts_at__gt=at,
        session__starts_at__lte=at + SOON,
        enrollment__state__in=SEATED,
        enrollment__person__erased_at__isnull=True,
        **{f"{runs}__in": users},
    )
    alone = seats.filter(~Exists(texts), ~Exists(by_hand)).order_by()
    return alone.values_list(runs).annotate(Count("session", distinct=True))


def _look(message: Message, waiting: dict[int, Counter[str]], zone: str | None, standing: Standing) -> Claimed:
    counts = waiting.get(message.user_id or 0, Counter())
    total = counts.total()
    objection = standing.objection(message) or (None if total and zone else (WITHDRAWN, Reason.NOTHING))
    if message.user is None:
        return silent(message, objection, zone=zone or Zone.WIB)
    with spoken(message.user):
        lines = ", ".join(
            LINES[matter](counts[matter]) % {"n": number(counts[matter])} for matter in LINES if counts[matter]
        )
        notice = notice_for(message.user, message.kind, reverse("home"), {"count": number(total), "what": lines})
    return claimed(message, zone=zone or Zone.WIB, objection=objection, notice=notice)


TELLINGS = (Telling(Kind.DIGEST, USER, mornings),)
