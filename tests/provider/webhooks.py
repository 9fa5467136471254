"""Reports: what a gateway calls back about its letters, and what people write; late, lost, twice and out of order."""

import asyncio
import heapq
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.provider.faults import chance
from tests.provider.ledger import Entry, now

LOOK_EVERY = 0.02
SIDE_BY_SIDE = 4
PATIENCE = 10.0
PAUSES = (0.2, 0.5, 1, 2, 5, 10, 20, 40)  # seconds before a report that was not taken is brought again
OK = 200


@dataclass
class Reports:
    """Where reports go and what happens to them on the way: shares from 0 to 1, times in seconds."""

    to: str = ""  # address of the product; empty = no reports at all
    secret: str = ""
    states: tuple[str, ...] = ("sent", "delivered", "read")
    delay: float = 0.05  # at least so long after the letter, and between its states
    spread: float = 0.0  # up to so much later; larger than the delay, it shuffles the states
    lost: float = 0.0
    doubled: float = 0.0
    failed: float = 0.0  # letters that are taken and never reach the phone
    failed_code: str = "131026"
    nameless: float = 0.0  # reports without the recipient's number
    together: int = 1  # reports in one request, at most


@dataclass(frozen=True)
class Report:
    """One word about one letter, or one thing that somebody wrote."""

    entry: Entry
    state: str
    at: float
    code: str = ""
    nameless: bool = False
    said: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Envelope:
    """One request to the product, as this gateway writes it."""

    body: bytes
    headers: dict[str, str]


Write = Callable[[Sequence[Report]], Envelope]


class Courier:
    """Keeps reports until their time and brings them; what is not taken with 200 is brought again."""

    def __init__(self, reports: Reports, *, seed: int) -> None:
        self.reports, self._chance = reports, chance(seed + 2)
        self._waiting: list[tuple[float, int, Report, int]] = []
        self._order, self._under_way = itertools.count(), 0
        self.brought = 0

    @property
    def waiting(self) -> int:
        """Count the reports that have not been taken yet."""
        return len(self._waiting) + self._under_way

    def promise(self, entry: Entry) -> None:
        """Plan the reports of one letter."""
        wishes, due = self.reports, now()
        if not wishes.to:
            return
        for state in wishes.states if entry.arrives else ("failed",):
            due += wishes.delay
            code = "" if entry.arrives else wishes.failed_code
            report = Report(entry, state, due, code, self._chance.random() < wishes.nameless)
            if self._chance.random() >= wishes.lost:
                for _ in range(1 + (self._chance.random() < wishes.doubled)):
                    self.keep(report, due + self._chance.random() * wishes.spread)

    def keep(self, report: Report, due: float, tries: int = 0) -> None:
        """Keep one report until its time."""
        heapq.heappush(self._waiting, (due, next(self._order), report, tries))

    async def work(self, write: Write) -> None:
        """Bring what is due, for as long as the gateway lives."""
        async with asyncio.TaskGroup() as group:
            for _ in range(SIDE_BY_SIDE):
                group.create_task(self._bring_for_ever(write))

    async def _bring_for_ever(self, write: Write) -> None:
        while True:
            if load := self._due():
                self._under_way += len(load)
                taken = await bring(self.reports.to, write([report for report, _tries in load]))
                self._under_way -= len(load)
                self._settle(load, taken=taken)
            else:
                await asyncio.sleep(LOOK_EVERY)

    def _due(self) -> list[tuple[Report, int]]:
        load: list[tuple[Report, int]] = []
        while self._waiting and self._waiting[0][0] <= now() and len(load) < self.reports.together:
            *_due, report, tries = heapq.heappop(self._waiting)
            load.append((report, tries))
        return load

    def _settle(self, load: list[tuple[Report, int]], *, taken: bool) -> None:
        if taken:
            self.brought += len(load)
            return
        for report, tries in load:
            if tries < len(PAUSES):
                self.keep(report, now() + PAUSES[tries], tries + 1)


async def bring(address: str, envelope: Envelope) -> bool:
    """Post one envelope over a connection of its own; says whether it was taken with 200."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await _post(address, envelope) == OK
    except (OSError, TimeoutError, ValueError, IndexError):
        return False


async def _post(address: str, envelope: Envelope) -> int:
    where = urlsplit(address)
    target = where.path + (f"?{where.query}" if where.query else "")
    headers = {
        **envelope.headers,
        "Host": where.netloc,
        "Content-Length": str(len(envelope.body)),
        "Connection": "close",
    }
    head = f"POST {target} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    reader, writer = await asyncio.open_connection(where.hostname, where.port or 80)
    try:
        writer.write(head.encode() + b"\r\n" + envelope.body)
        await writer.drain()
        return int((await reader.readline()).split()[1])
    finally:
        writer.close()
