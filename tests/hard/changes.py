"""R7: sessions are moved and cancelled, numbers stopped and agreements withdrawn while senders run.

The first session of a cohort starts at 08.01 and its revision n at 08.n, the second at 13.01 and 13.n: so a letter
itself says of which revision it speaks. A change and a look at what had begun to leave make one transaction; what is
in the ledger and had not begun by then began after the change was confirmed.
"""

import json
import os
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from datetime import time as clock_time
from functools import partial
from pathlib import Path

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import User
from programs.actions import cancel_session, reschedule_session
from programs.models import Session
from programs.states import SessionState
from reminders.claims import database_clock
from reminders.models import Message
from reminders.states import Kind
from tests.hard.country import Country, schedule_at_once, tidy
from tests.hard.crew import fork
from tests.hard.sending import drain, send_for_ever
from tests.hard.stage import Stage
from tests.hard.unguarded import begin_blindly, pause_before_begin
from tests.hard.verdict import Verdict
from tests.provider.faults import chance
from tests.provider.ledger import Entry
from villages.actions import opt_out, withdraw_consent
from villages.models import ContactPoint, Person
from villages.states import ContactState, Purpose

STARTS = (clock_time(8, 1), clock_time(13, 1))
SPOKEN = re.compile(r"\b(08|13)[.:](\d\d)\b")
NUMBERS, LATEST = 5, 58  # numbers of one cohort; the last revision that fits the hour
REASON = "Sudah disepakati dengan desa"
HANDS = 2
A_MOMENT = 0.15  # seconds at most before a session is moved
A_PAUSE = 0.05  # seconds between the last look and the beginning of a letter


@dataclass(frozen=True)
class Change:
    """One confirmed change: what it concerned, how long it took, which letters had begun, which were said to fly."""

    what: str
    seconds: float
    begun: list[str]
    session: int = 0
    revision: int = 0  # the one that holds from now on
    number: str = ""
    at: float = 0.0
    flying: list[str] = field(default_factory=list)


def under_fire(stage: Stage) -> Verdict:
    """R7."""
    (pause_before_begin if stage.guard else begin_blindly)(A_PAUSE)
    changes, at = stage.size(10_000, least=100), database_clock()
    by = Country(cohorts=max(4, changes // 16), numbers=NUMBERS, starts=STARTS).settle(at)
    schedule_at_once(list(Session.objects.order_by("pk")), by=by, at=at)
    tidy()
    written = stage.folder / "changes"
    senders = [fork(send_for_ever), fork(send_for_ever)]
    turns = [partial(change, written, by.pk, turn, stage.seed, changes // HANDS) for turn in range(HANDS)]
    changers = [fork(each) for each in turns]
    failed = sum(hand.wait() != 0 for hand in changers)
    for hand in senders:
        hand.kill()
    drain(stage)
    return judged(stage, [Change(**json.loads(line)) for line in written.read_text().splitlines()], failed)


def change(written: Path, by: int, turn: int, seed: int, times: int) -> None:
    """Be a coordinator's desk: make so many changes to the cohorts that are this hand's."""
    dice, coordinator = chance(seed * HANDS + turn), User.objects.get(pk=by)
    own = [pk for pk in Session.objects.order_by("pk").values_list("pk", flat=True) if pk % HANDS == turn]
    points = [pk for pk in ContactPoint.objects.order_by("pk").values_list("pk", flat=True) if pk % HANDS == turn]
    book = os.open(written, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    last = own[0]
    for _ in range(times):
        share = dice.random()
        if share < 0.86:  # every other time once more, while the notice of the first is on its way
            last = last if share < 0.43 else dice.choice(own)
            time.sleep(dice.random() * A_MOMENT)
            done = move(last, coordinator)
        elif share < 0.92:
            done = cancel(dice.choice(own), coordinator)
        elif share < 0.97:
            done = stop(dice.choice(points))
        else:
            done = withdraw(dice.choice(points))
        if done:
            os.write(book, json.dumps(vars(done)).encode() + b"\n")


def move(pk: int, by: User) -> Change | None:
    """Move a session one day and one minute on."""
    session = Session.objects.get(pk=pk)
    if session.state != SessionState.SCHEDULED or session.revision >= LATEST:
        return None
    start, end = (each + timedelta(days=1, minutes=1) for each in (session.starts_at, session.ends_at))

    def act(at: datetime) -> None:
        reschedule_session(session, starts_at=start, ends_at=end, reason=REASON, by=by, at=at, override=REASON)

    return confirmed("moved", act, Q(session=pk), session=session)


def cancel(pk: int, by: User) -> Change | None:
    """Call a session off."""
    session = Session.objects.get(pk=pk)
    if session.state != SessionState.SCHEDULED:
        return None
    return confirmed(
        "cancelled",
        lambda at: cancel_session(session, reason="Balai desa kebanjiran", by=by, at=at),
        Q(session=pk),
        session=session,
    )


def stop(pk: int) -> Change | None:
    """Stop a number, as BERHENTI does."""
    point = ContactPoint.objects.get(pk=pk)
    if point.state == ContactState.OPTED_OUT:
        return None
    return confirmed("stopped", lambda at: opt_out(point, by=None, at=at), Q(contact_point=pk), number=point.number)


def withdraw(pk: int) -> Change | None:
    """Have everybody on a number take their agreement back."""
    point = ContactPoint.objects.get(pk=pk)
    people = Person.objects.filter(contacts__contact_point=pk, consents__withdrawn_at__isnull=True).order_by("pk")

    def act(at: datetime) -> None:
        for person in people:
            withdraw_consent(person, purpose=Purpose.MESSAGES, by=None, at=at)

    return confirmed("withdrawn", act, Q(contact_point=pk), number=point.number) if people else None


def confirmed(
    what: str, act: Callable[[datetime], None], concerned: Q, *, session: Session | None = None, number: str = ""
) -> Change:
    """Make one change; what had begun to leave is read before it is confirmed, what is said to fly right after."""
    began, at = time.monotonic(), database_clock()
    with transaction.atomic():
        act(at)
        keys = letters_of(Message.objects.filter(concerned, begun_at__isnull=False))
    took, confirmed_at = time.monotonic() - began, time.time()
    if session is None:
        return Change(what, took, keys, number=number, at=confirmed_at)
    session.refresh_from_db()
    flying = letters_of(Message.objects.overtaken(session, changed_at=at))
    return Change(what, took, keys, session.pk, session.revision, at=confirmed_at, flying=flying)


def letters_of(messages: QuerySet[Message]) -> list[str]:
    """Name the letters that carry these messages."""
    return [str(key) for key in messages.order_by("pk").values_list(Coalesce("joined_to__key", "key"), flat=True)]


@dataclass
class Heard:
    """What one number was told, letter by letter."""

    entries: list[Entry] = field(default_factory=list)

    def spoken(self) -> Iterator[tuple[Entry, dict[int, int]]]:
        """Give each letter with the latest revision of each session that it speaks of (0 and 1: first and second)."""
        for entry in self.entries:
            told: dict[int, int] = {}
            for hour, minute in SPOKEN.findall(entry.text):
                which = int(hour != "08")
                told[which] = max(told.get(which, 0), int(minute))
            yield entry, told


def judged(stage: Stage, changes: Iterable[Change], failed: int) -> Verdict:
    """Hold the ledger against the changes."""
    changes = list(changes)
    ledger = stage.provider.ledger()
    heard: dict[str, Heard] = defaultdict(Heard)
    for entry in ledger:
        heard[entry.to].entries.append(entry)
    sessions = sessions_of_numbers()
    stale, flying, unsaid = begun_after(changes, heard, sessions)
    waits = sorted(change.seconds for change in changes)
    facts = {
        "changes": len(changes),
        "letters": len(ledger),
        "in flight at a change": flying,
        "in flight and not said": unsaid,
        "begun after a change": stale,
        "doubled": len(ledger) - len({(entry.to, entry.key) for entry in ledger}),
        "never corrected": len(uncorrected(heard, sessions)),
        "changers failed": failed,
        "p99 of a change in ms": round(1000 * waits[int(0.99 * len(waits))]),
    }
    limits = {
        "begun after a change": 0,
        "in flight and not said": 0,
        "doubled": 0,
        "never corrected": 0,
        "changers failed": 0,
    }
    return Verdict(facts, limits)


def sessions_of_numbers() -> dict[str, list[int]]:
    """Tell the two sessions of each number, the morning's first."""
    found: dict[str, list[int]] = defaultdict(list)
    pairs = ContactPoint.objects.filter(contacts__person__enrollments__cohort__bookings__isnull=False)
    columns = ("number", "contacts__person__enrollments__cohort__bookings__session")
    for number, session in pairs.order_by("number", columns[1]).values_list(*columns).distinct():
        found[number].append(session)
    return found


def begun_after(
    changes: Iterable[Change], heard: Mapping[str, Heard], sessions: Mapping[str, list[int]]
) -> tuple[int, int, int]:
    """Count letters that began after a change that forbade them, that were in flight at one, and that nobody said."""
    of_session: dict[int, list[Change]] = defaultdict(list)
    of_number: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        (of_session[change.session] if change.session else of_number[change.number]).append(change)
    kinds = dict(Message.objects.values_list("key", "kind"))
    cancelling = {str(key) for key, kind in kinds.items() if kind == Kind.CANCELLATION}
    stale, flying, unsaid = set[str](), set[str](), set[str]()
    for number, each in heard.items():
        for entry, told in each.spoken():
            forbidding = list(of_number.get(number, []))
            for which, revision in told.items():
                forbidding += [
                    change
                    for change in of_session[sessions[number][which]]
                    if (change.what == "cancelled" and entry.key not in cancelling)
                    or (change.what == "moved" and change.revision > revision)
                ]
            stale |= {entry.id for change in forbidding if entry.key not in change.begun}
            late = [change for change in forbidding if entry.key in change.begun and entry.at > change.at]
            flying |= {entry.id for _change in late}
            unsaid |= {entry.id for change in late if change.session and entry.key not in change.flying}
    return len(stale), len(flying), len(unsaid)


def uncorrected(heard: Mapping[str, Heard], sessions: Mapping[str, list[int]]) -> list[tuple[str, int]]:
    """List numbers whose last word about a session is not the last that holds; who may not be told is left out."""
    final = {row.pk: row for row in Session.objects.all()}
    cancelling = {str(key) for key in Message.objects.filter(kind=Kind.CANCELLATION).values_list("key", flat=True)}
    silent = set(ContactPoint.objects.filter(state=ContactState.OPTED_OUT).values_list("number", flat=True))
    agreed = Q(contacts__person__consents__withdrawn_at__isnull=True)
    reached = set(ContactPoint.objects.filter(agreed).values_list("number", flat=True)) - silent
    wrong = []
    for number in reached:
        for which, pk in enumerate(sessions[number]):
            last, called_off = 0, False
            for entry, told in heard[number].spoken():
                if which in told:
                    last, called_off = told[which], entry.key in cancelling
            cancelled = final[pk].state == SessionState.CANCELLED
            if (cancelled and last and not called_off) or (not cancelled and last != final[pk].revision):
                wrong.append((number, pk))
    return wrong
