"""R9 and R10: hands whose clocks are wrong, a host whose clock jumps, hands that freeze, and three days of silence."""

import re
import time
from collections import Counter
from datetime import datetime, timedelta
from datetime import time as clock_time

import time_machine
from django.utils import timezone

from common.dates import local_moment
from common.zones import Zone
from programs.models import Session
from reminders.claims import database_clock
from reminders.models import Message
from reminders.pulse import sign
from reminders.states import Kind, MessageState, Part
from reminders.sweeping import sweep
from tests.hard.country import Country, schedule_at_once, tidy
from tests.hard.crew import fork
from tests.hard.sending import STILL_OPEN, drain, send_for_ever
from tests.hard.stage import Stage
from tests.hard.unguarded import believe_keys, own_clock
from tests.hard.verdict import Verdict, doubled, lost
from villages.models import ContactPoint

SKEWS = (timedelta(minutes=1), -timedelta(minutes=1), timedelta(days=1), -timedelta(days=1))
JUMPS = (timedelta(hours=1), -timedelta(hours=1))
FROZEN = 6.0  # seconds a frozen hand really stands still; by the database's clock ten minutes pass
MORNING = clock_time(8, 1)


def wrong(stage: Stage) -> Verdict:
    """R9."""
    if not stage.guard:
        believe_keys("whatsapp")
    at = database_clock()
    by = Country(cohorts=stage.size(400, least=20)).settle(at)
    schedule_at_once(list(Session.objects.order_by("pk")), by=by, at=at)
    tidy()
    chance = stage.chance()
    hands = [fork(lambda skew=skew: off_by(skew, guard=stage.guard)) for skew in SKEWS]
    frozen = fork(send_for_ever)
    time.sleep(chance.uniform(0.1, 0.4))
    frozen.freeze()
    for jump in (*JUMPS, timedelta(minutes=10)):
        time.sleep(FROZEN / 3)
        stage.database.shift(jump)
    frozen.thaw()
    time.sleep(2)
    for hand in (*hands, frozen):
        hand.kill()
    drain(stage)
    ledger = stage.provider.ledger()
    expected = set(ContactPoint.objects.filter(contacts__isnull=False).values_list("number", flat=True))
    unknown = set(Message.objects.filter(state=MessageState.UNKNOWN).values_list("contact_point__number", flat=True))
    facts = {
        "numbers": len(expected),
        "doubled": doubled(ledger).total(),
        "lost and not listed": len(lost(ledger, expected) - unknown),
        "unknown and listed": len(unknown),
        "still open": Message.objects.filter(state__in=STILL_OPEN).count(),
    }
    return Verdict(facts, {"doubled": 0, "lost and not listed": 0, "still open": 0})


def off_by(skew: timedelta, *, guard: bool) -> None:
    """Send with a clock on the wall that is wrong; without the guard leases are measured by it."""
    if not guard:
        own_clock(skew)
    with time_machine.travel(timezone.now() + skew, tick=True):
        send_for_ever()


def silence(stage: Stage) -> Verdict:
    """R10: three days pass and nobody sends; then what still helps leaves, and the rest is told in one summary."""
    at = database_clock()
    kinds = frozenset({"invitation", "h3", "h1", "h0"})
    by = Country(cohorts=stage.size(100, least=4), starts=(MORNING,), ahead=2, kinds=kinds).settle(at)
    sessions = list(Session.objects.order_by("pk"))
    spread(sessions)
    schedule_at_once(sessions, by=by, at=at)
    if not stage.guard:
        Message.objects.update(expires_at=at + timedelta(days=30))
    tidy()
    sign(Part.DISPATCHER)
    stage.skip(hours=72)
    since = database_clock()
    planned = Message.objects.due(since).count()
    hands = [fork(send_for_ever), fork(send_for_ever)]
    time.sleep(4)
    for hand in hands:
        hand.kill()
    drain(stage)
    sweep(at=database_clock())
    drain(stage)
    offset = (database_clock().timestamp()) - time.time()
    ledger = stage.provider.ledger()
    stale = [
        entry for entry in ledger if (start := start_of(entry.text, since)) and start.timestamp() <= entry.at + offset
    ]
    summaries = Counter(Message.objects.filter(kind=Kind.OUTAGE).values_list("contact_point__number", flat=True))
    facts = {
        "missed": planned,
        "letters": len(ledger),
        "stale": len(stale),
        "expired": Message.objects.filter(state=MessageState.EXPIRED).count(),
        "summaries": len(summaries),
        "not one summary": sum(entry.to == by.phone for entry in ledger) != 1,
        "still open": Message.objects.due(database_clock()).count(),
    }
    return Verdict(facts, {"stale": 0, "not one summary": 0, "still open": 0})


def spread(sessions: list[Session]) -> None:
    """Let a quarter of the sessions be over after the silence, the others soon, later, and much later."""
    for n, session in enumerate(sessions):
        later = timedelta(days=(0, 1, 2, 6)[n % 4], minutes=n // 4 % 59)
        times = {"starts_at": session.starts_at + later, "ends_at": session.ends_at + later}
        Session.objects.filter(pk=session.pk).update(**times)
        session.bookings.update(**times)
        session.starts_at, session.ends_at = times["starts_at"], times["ends_at"]


DAY = re.compile(r"(\d{1,2}) (Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember)")
CLOCK = re.compile(r"\b(\d\d)[.:](\d\d)\b")


def start_of(text: str, near: datetime) -> datetime | None:
    """Read the moment that a text names, without the product's help."""
    day, clock = DAY.search(text), CLOCK.search(text)
    if not day or not clock:
        return None
    month = DAY.pattern.split("(")[2].rstrip(")").split("|").index(day[2]) + 1
    date = near.date().replace(month=month, day=int(day[1]), year=near.year + (month < near.month))
    return local_moment(date, clock_time(int(clock[1]), int(clock[2])), Zone.WIB)
