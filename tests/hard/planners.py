"""R6: several planners and several dispatchers at once; each message is planned once and leaves once."""

import time

from programs.models import Session
from reminders.claims import database_clock
from reminders.models import Message
from reminders.sweeping import sweep
from tests.hard.country import Country, schedule_at_once, tidy
from tests.hard.crew import fork
from tests.hard.sending import STILL_OPEN, drain, is_open, send_for_ever
from tests.hard.stage import Stage
from tests.hard.unguarded import begin_blindly, take_naively
from tests.hard.verdict import Verdict, doubled, lost
from villages.models import ContactPoint

AT_ONCE = 3
PATIENCE = 15.0  # seconds, and a second more for every hundred numbers


def side_by_side(stage: Stage) -> Verdict:
    """R6."""
    if not stage.guard:
        take_naively(0.05)
        begin_blindly(0.05)
    at = database_clock()
    by = Country(cohorts=stage.size(200, least=20)).settle(at)
    schedule_at_once(list(Session.objects.order_by("pk")), by=by, at=at, plan=False)
    tidy()
    hands = [fork(sweep_for_ever) for _ in range(AT_ONCE)] + [fork(send_for_ever) for _ in range(AT_ONCE)]
    expected = set(ContactPoint.objects.filter(contacts__isnull=False).values_list("number", flat=True))
    end = time.monotonic() + PATIENCE + len(expected) / 100
    while time.monotonic() < end and (Message.objects.count() < len(expected) or is_open(stage)):
        time.sleep(0.2)
    failed = sum(not hand.kill() for hand in hands)
    drain(stage)
    ledger = stage.provider.ledger()
    facts = {
        "numbers": len(expected),
        "messages": Message.objects.count(),
        "lost": len(lost(ledger, expected)),
        "doubled": doubled(ledger).total(),
        "hands failed": failed,
        "still open": Message.objects.filter(state__in=STILL_OPEN).count(),
    }
    return Verdict(facts, {"lost": 0, "doubled": 0, "hands failed": 0, "still open": 0})


def sweep_for_ever() -> None:
    """Repair the plan again and again."""
    while True:
        sweep(at=database_clock())
