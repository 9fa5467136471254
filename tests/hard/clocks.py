"""R9 and R10: hands whose clocks are wrong, a host whose clock jumps, hands that freeze, and three days of silence."""

import time
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from functools import partial

import time_machine
from django.conf import settings
from django.utils import timezone

from common.dates import local_date
from common.zones import Zone
from programs.models import Attendance, Session
from reminders.claims import database_clock
from reminders.models import Message
from reminders.pulse import sign
from reminders.states import MessageState, Part
from reminders.sweeping import sweep
from tests.hard.country import Country, schedule_at_once, tidy
from tests.hard.crew import fork
from tests.hard.sending import STILL_OPEN, drain, send_for_ever
from tests.hard.stage import Stage
from tests.hard.unguarded import believe_keys, own_clock
from tests.hard.verdict import Verdict, doubled, lost
from villages.models import ContactPoint

SKEWS = (timedelta(minutes=1), -timedelta(minutes=1), timedelta(days=1), -timedelta(days=1))
SENDING_TAKES = 14  # seconds
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
    chance, numbers = stage.chance(), ContactPoint.objects.count()
    settings.CHANNEL_RATES = {"whatsapp": numbers / SENDING_TAKES}
    hands = [fork(partial(off_by, skew, guard=stage.guard)) for skew in SKEWS]
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
    missed = Message.objects.due(database_clock()).count()
    hands = [fork(send_for_ever), fork(send_for_ever)]
    time.sleep(4)
    for hand in hands:
        hand.kill()
    drain(stage)
    sweep(at=database_clock())
    drain(stage)
    ledger, starts = stage.provider.ledger(), starts_of_numbers()
    ahead = database_clock() - timezone.now()
    came = [(entry, datetime.fromtimestamp(entry.at, UTC) + ahead) for entry in ledger if entry.to in starts]
    facts = {
        "missed": missed,
        "letters": len(ledger),
        "stale": sum(is_stale(entry.text, starts[entry.to], arrived) for entry, arrived in came),
        "expired": Message.objects.filter(state=MessageState.EXPIRED).count(),
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


def starts_of_numbers() -> dict[str, datetime]:
    """Tell when the one session of each number starts."""
    seats = Attendance.objects.values_list("enrollment__person__contacts__contact_point__number", "session__starts_at")
    return dict(seats)


def is_stale(text: str, start: datetime, arrived: datetime) -> bool:
    """Say whether a text came after the start, or names another day than it means."""
    days = (local_date(start, Zone.WIB) - local_date(arrived, Zone.WIB)).days
    wrong = [days != ahead for word, ahead in (("hari ini", 0), ("besok", 1)) if word in text.lower()]
    return arrived >= start or any(wrong)
