"""How fast messages are planned and sent, beside the least that sending can be: claim a batch, post it, nothing else.

Both use the same client, the same number of connections and the same gateway, which is played by a process of its own
and answers at once (or after `--latency` milliseconds). Rounds of the one and of the other take turns.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as clock
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.db.models import Q

from bench import country
from common.dates import local_date, local_moment
from common.zones import Zone
from reminders.channels.gateway import WIDEST, Letter, Wording
from reminders.channels.sms import SmsGateway
from reminders.claims import database_clock, take
from reminders.models import Message
from reminders.sender import send_due
from reminders.states import Kind, MessageState
from reminders.sweeping import sweep
from tests.provider.process import Provider

PER_SESSION = 25
BATCH, AT_ONCE = 500, 2_000
# What the country lacks for messages, and the table of the bare loop.
REVISIONS = """
INSERT INTO programs_sessionrevision
    (session_id, number, starts_at, ends_at, venue_id, reason, override_reason, at, by_id)
SELECT session.id, 1, starts_at, ends_at, venue_id, '', '', now(), admin.id
FROM programs_session session, accounts_user admin WHERE admin.role = 'administrator'
"""
BARE = """
DROP TABLE IF EXISTS bare;
CREATE TABLE bare (id bigserial PRIMARY KEY, number text, body text, state text NOT NULL DEFAULT 'planned');
INSERT INTO bare (number, body) SELECT number, %(body)s FROM villages_contactpoint ORDER BY id LIMIT %(count)s;
CREATE INDEX bare_due ON bare (id) WHERE state = 'planned';
"""
CLAIM_BARE = """
UPDATE bare SET state = 'sent'
WHERE id IN (SELECT id FROM bare WHERE state = 'planned' ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING number, body
"""


@dataclass(frozen=True)
class Round:
    """One turn of each, in letters a second."""

    product: float
    bare: float


def main(arguments: argparse.Namespace) -> None:
    """Print what planning, finding and sending come to."""
    _settle(arguments.numbers)
    noon = _noon()
    _say("machine", f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    planned, seconds = _timed(lambda: sweep(at=noon), Message.objects.count)
    _say("planned", f"{planned / seconds:.0f} messages/s  ({planned} in {seconds:.1f} s)")
    _say("found", f"{_find(noon):.0f} messages/s")
    _say("claimed", f"{_claim(noon):.0f} messages/s")
    with _gateway(arguments.latency):
        rounds, memory = _play(arguments, noon)
    ratios = [each.product / each.bare for each in rounds]
    _say("sent", f"x {median(ratios):.2f}  ({min(ratios):.2f}-{max(ratios):.2f}) of the bare loop")
    _say(
        "", f"{median(each.product for each in rounds):.0f} against {median(each.bare for each in rounds):.0f} a second"
    )
    _say("memory", f"{memory[0]:.0f} MB after the first round, {memory[-1]:.0f} MB after the last")


def _settle(numbers: int) -> None:
    """Make a country of so many people with a number each; every few of them have a session the day after tomorrow."""
    sessions = max(1, numbers // PER_SESSION)
    people = sessions * PER_SESSION
    country.main(argparse.Namespace(villages=sessions, people=people, sessions=sessions, attendance=people))
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE reminders_sweep, reminders_channelstatus")
        cursor.execute(REVISIONS)
        cursor.execute("VACUUM ANALYZE")


def _noon() -> datetime:
    """Return a moment of this day at which texts may leave."""
    return local_moment(local_date(database_clock(), Zone.WIB), clock(12), Zone.WIB)


def _find(at: datetime) -> float:
    """Read the keys of all that is due in the order it leaves, batch by batch; messages a second."""
    due = Message.objects.due(at).order_by("due_at", "pk").values_list("due_at", "pk")
    found, began = list(due[:AT_ONCE]), time.perf_counter()
    count = 0
    while found:
        count, (last, pk) = count + len(found), found[-1]
        found = list(due.filter(Q(due_at__gt=last) | Q(pk__gt=pk), due_at__gte=last)[:AT_ONCE])
    return count / (time.perf_counter() - began)


def _claim(at: datetime) -> float:
    """Claim all that is due, batch by batch, and give it back afterwards; messages a second."""
    count, began = 0, time.perf_counter()
    while ids := take(at=at, size=BATCH):
        count += len(ids)
    seconds = time.perf_counter() - began
    claimed = Message.objects.filter(state=MessageState.CLAIMED)
    claimed.update(state=MessageState.PLANNED, attempt=0, lease_until=None)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE reminders_message")
    return count / seconds


@contextmanager
def _gateway(latency: float) -> Iterator[None]:
    """Have a gateway in a process of its own, and lead the product's adapter to it."""
    with tempfile.TemporaryDirectory() as folder:
        wishes: dict[str, Any] = {"names": {"key": "key"}, "faults": {"latency": latency} if latency else {}}
        with Provider("sms", Path(folder) / "ledger", life=3_600, **wishes) as provider:
            settings.SMS_URL = f"{provider.url}/send"
            yield


def _play(arguments: argparse.Namespace, noon: datetime) -> tuple[list[Round], list[float]]:
    """Send a share of the invitations by the product and as many letters by the bare loop, in turn."""
    invitations = Message.objects.filter(kind=Kind.INVITATION, state=MessageState.PLANNED).order_by("pk")
    share = invitations.count() // arguments.rounds
    text = "x" * 150
    with connection.cursor() as cursor:
        for part in filter(str.strip, BARE.split(";")):
            cursor.execute(part, {"body": text, "count": share * arguments.rounds} if "%(" in part else None)
        cursor.execute("VACUUM ANALYZE bare")
    Message.objects.filter(kind=Kind.INVITATION).update(due_at=noon + timedelta(hours=3))
    rounds, memory = [], []
    for n in range(arguments.rounds):
        at = noon + timedelta(minutes=n)
        ids = list(invitations.values_list("pk", flat=True)[:share])
        Message.objects.filter(pk__in=ids).update(due_at=at)
        bare = _bare(share)
        sent, seconds = _timed(lambda at=at: send_due(clock=lambda: at, patience=3_600), lambda: share)  # type: ignore[misc]
        _check(ids)
        rounds.append(Round(sent / seconds, bare))
        memory.append(_resident())
    return rounds, memory


def _check(ids: list[int]) -> None:
    """Stop when the product did not send what it was timed for."""
    open_ones = Message.objects.filter(pk__in=ids).exclude(state__in=[MessageState.SENT, MessageState.ACCEPTED])
    if left := open_ones.count():
        raise SystemExit(f"{left} of {len(ids)} messages did not leave")


def _bare(count: int) -> float:
    """Claim and post so many letters and do nothing else; letters a second."""
    gateway, left, began = SmsGateway(), count, time.perf_counter()
    while left > 0:
        with connection.cursor() as cursor:
            cursor.execute(CLAIM_BARE, [min(BATCH, left)])
            rows = cursor.fetchall()
        letters = [Letter(uuid4(), 0, number, Wording(body)) for number, body in rows]
        for start in range(0, len(letters), WIDEST):
            gateway.deliver(letters[start : start + WIDEST], at=database_clock())
        left -= len(rows)
    return count / (time.perf_counter() - began)


def _timed(work: Callable[[], object], counted: Callable[[], int]) -> tuple[int, float]:
    began = time.perf_counter()
    work()
    seconds = time.perf_counter() - began
    return counted(), seconds


def _resident() -> float:
    """Return how much memory this process holds, in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _say(name: str, text: str) -> None:
    sys.stdout.write(f"{name:<22}{text}\n")
