"""R1 and R2: senders, schedulers and the web are killed at random; whoever should hear hears, and hears once."""

import time
from collections.abc import Callable
from functools import partial

from accounts.models import User
from programs.actions import schedule_session
from programs.models import Session
from programs.states import SessionState
from reminders.claims import database_clock
from reminders.models import Message
from reminders.states import TOLD, MessageState
from tests.hard.country import Country, schedule_at_once, tidy
from tests.hard.crew import fork
from tests.hard.sending import A_LEASE, STILL_OPEN, drain, send_for_ever
from tests.hard.stage import Stage
from tests.hard.unguarded import believe_keys
from tests.hard.verdict import Verdict, doubled, lost
from tests.hard.web import serve, warm
from tests.provider.ledger import Entry
from villages.models import ContactPoint

REASON = "Sudah disepakati dengan desa"
WEBHOOK = "webhooks/whatsapp"
DAY_OF_REPORTS = 25  # hours: what a gateway may take to report


def with_keys(stage: Stage) -> Verdict:
    """R1: the gateway keeps keys."""
    _ledger, facts = killed(stage, stage.size(100_000, least=1_000), kills=stage.size(1_000, least=20))
    facts["not told"] = Message.objects.exclude(state__in=TOLD).count()
    return Verdict(facts, {"lost": 0, "doubled": 0, "still open": 0, "not told": 0})


def with_reports(stage: Stage) -> Verdict:
    """R2: the gateway keeps none; it reports, late, twice, out of order, and not always."""
    if not stage.guard:
        believe_keys("whatsapp")
    stage.provider.reports(to=f"http://127.0.0.1:{stage.web_port}/{WEBHOOK}")
    ledger, facts = killed(stage, stage.size(20_000, least=1_000), kills=stage.size(300, least=15))
    web = fork(partial(serve, stage.web_port))
    while stage.provider.counts()["waiting"]:
        time.sleep(0.2)
    web.kill()
    stage.skip(hours=DAY_OF_REPORTS)
    drain(stage)
    heard = {entry.to for entry in ledger}
    open_cases = Message.objects.filter(state=MessageState.UNKNOWN)
    listed = set(open_cases.values_list("contact_point__number", flat=True))
    silent = set(ContactPoint.objects.values_list("number", flat=True)) - heard
    facts |= {
        "reports taken": stage.provider.counts()["brought"],
        "unknown and listed": len(listed),
        "lost and not listed": len(silent - listed),
        "lost of 1000": round(1000 * len(silent) / facts["numbers"], 1),
        "told and not heard": told_in_vain(heard),
    }
    return Verdict(facts, {"doubled": 0, "lost and not listed": 0, "still open": 0, "told and not heard": 0})


def told_in_vain(heard: set[str]) -> int:
    """Count numbers that the product believes to have told and that no ledger knows."""
    told = Message.objects.filter(state__in=TOLD).values_list("contact_point__number", flat=True)
    return len(set(told) - heard)


def killed(stage: Stage, numbers: int, *, kills: int) -> tuple[list[Entry], dict[str, float]]:
    """Kill two senders, two schedulers and a web server again and again; then let what is left be finished."""
    by = prepare(numbers).pk
    warm()
    works: list[Callable[[], None]] = [
        send_for_ever,
        send_for_ever,
        partial(schedule, by, 0),
        partial(schedule, by, 1),
        partial(serve, stage.web_port),
    ]
    chance, count = stage.chance(), 0
    while count < kills:
        hands = [fork(work) for work in works]
        time.sleep(chance.uniform(0.05, 0.25))
        count += sum([hand.kill() for hand in hands])
        if not Message.objects.due(database_clock()).exists():
            stage.skip(minutes=A_LEASE)
    for turn in (0, 1):
        if fork(partial(schedule, by, turn)).wait():
            raise RuntimeError("A scheduler failed.")
    drain(stage)
    return counted(stage, count)


def prepare(numbers: int) -> User:
    """Settle a country with that many numbers; of every ten sessions one is still a draft."""
    at = database_clock()
    by = Country(cohorts=numbers // 50).settle(at)
    sessions = list(Session.objects.order_by("pk"))
    schedule_at_once([each for n, each in enumerate(sessions) if n % 10], by=by, at=at)
    tidy()
    return by


def schedule(by: int, turn: int) -> None:
    """Be a coordinator who schedules every other draft, one after another."""
    coordinator = User.objects.get(pk=by)
    for session in Session.objects.filter(state=SessionState.DRAFT).order_by("pk"):
        if session.pk % 2 == turn:
            schedule_session(session, by=coordinator, at=database_clock(), override=REASON)


def counted(stage: Stage, killed: int) -> tuple[list[Entry], dict[str, float]]:
    """Hold the ledger against who should have heard."""
    ledger, letters = stage.provider.ledger(), stage.provider.counts()["letters"]
    expected = set(ContactPoint.objects.filter(contacts__isnull=False).values_list("number", flat=True))
    return ledger, {
        "numbers": len(expected),
        "killed": killed,
        "handed over": sum(letters.values()),
        "answers lost": letters.get("cut_after", 0) + letters.get("error_after", 0),
        "refused": letters.get("rate", 0) + letters.get("130429", 0),
        "lost": len(lost(ledger, expected)),
        "doubled": doubled(ledger).total(),
        "still open": Message.objects.filter(state__in=STILL_OPEN).count(),
    }
