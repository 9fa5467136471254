"""From letters to answers: wait for a turn, begin, hand over at once, record by fence; no lock while a gateway works.

A sender may be killed anywhere. What had not begun is free again after its lease; what had begun is handed over again
under its key where the gateway keeps keys, asked for where it can be asked, and left open otherwise.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self
from uuid import UUID

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError, connection

from reminders import breaker, claims
from reminders.breaker import Turn
from reminders.channels.gateway import Fault, Gateway, Guarantee, Outcome
from reminders.claims import Answer, Sealed
from reminders.models import Message
from reminders.sender.packing import Parcel, unanswered
from reminders.settling import refused, told
from reminders.states import TOLD, MessageState, Reason

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
FROZEN = 5.0  # seconds between beginning and handing over, after which nothing is handed over
CLOSEST = 0.99  # of the rate: as close as one sender's turns may follow each other
PARTS = 40  # turns in which one second's letters begin where a rate is kept
PATIENT, PAUSE = 12.0, 0.5  # seconds to keep answers for a database that restarts
SILENCE = Outcome(MessageState.UNKNOWN, Reason.NO_ANSWER)
Said = Mapping[UUID, Outcome] | None


@dataclass(frozen=True)
class Flight:
    """Letters that began together."""

    parcels: Sequence[Parcel]
    turn: Turn
    begun: float  # monotonic


@dataclass
class Desk:
    """One sender's hand at one gateway."""

    gateway: Gateway
    clock: Clock
    going: Callable[[], bool]
    flights: dict[Future[Said], Flight] = field(default_factory=dict)
    begun: int = 0
    last: float = 0.0  # when letters began, on the clock of this process
    pool: ThreadPoolExecutor | None = None

    @property
    def rate(self) -> float:
        """How many letters a second may begin, over all senders; 0 is any number."""
        return float(settings.CHANNEL_RATES.get(self.gateway.channel, 0))

    @property
    def size(self) -> int:
        """How many letters begin together."""
        return min(self.gateway.width, max(1, int(self.rate // PARTS))) if self.rate else self.gateway.width

    def __enter__(self) -> Self:
        """Keep lanes open only where letters begin in many small turns."""
        lanes = self.gateway.width // self.size
        self.pool = ThreadPoolExecutor(lanes) if lanes > 1 else None
        return self

    def __exit__(self, _kind: object, trouble: BaseException | None, _trace: object) -> None:
        """Record what is still on its way and close the lanes; without a database it is left to the lease."""
        if not isinstance(trouble, Error):
            self.land()
        if self.pool:
            self.pool.shutdown(wait=False, cancel_futures=True)

    def hand_over(self, parcels: Iterable[Parcel]) -> None:
        """Hand letters over, turn by turn; what does not get a turn is free again."""
        queue = deque(parcels)
        try:
            while queue and self.going():
                self.land(self.gateway.width - self.size)
                turn = breaker.admit(self.gateway.channel, letters=min(self.size, len(queue)), rate=self.rate)
                if turn is None:
                    break
                self._wait_for(turn)
                self._begin([queue.popleft() for _ in range(turn.letters)], turn)
        finally:
            claims.release([claim for each in queue for claim in each.claims])

    def land(self, most: int = 0) -> bool:
        """Wait until at most so many letters are on their way; tells whether anything came in."""
        landed = bool(self.flights)
        while sum(len(each.parcels) for each in self.flights.values()) > most:
            self._take_in(wait(self.flights, return_when=FIRST_COMPLETED).done)
        return landed

    def _wait_for(self, turn: Turn) -> None:
        """Wait before beginning, never after; answers that come meanwhile are recorded.

        A turn that came late does not make the next one early: letters of one second never bunch.
        """
        spacing = turn.letters / (self.rate * CLOSEST) if self.rate else 0
        until = max(time.monotonic() + turn.wait, self.last + spacing)
        while (left := until - time.monotonic()) > 0:
            if self.flights:
                self._take_in(wait(self.flights, timeout=left, return_when=FIRST_COMPLETED).done)
            else:
                time.sleep(left)

    def _begin(self, parcels: Sequence[Parcel], turn: Turn) -> None:
        """Begin with what still holds and hand it over at once."""
        begun = time.monotonic()
        going = claims.begin([each for parcel in parcels for each in sealed(parcel)], at=self.clock())
        flight = Flight([each for each in parcels if each.messages[0].pk in going], turn, begun)
        if not flight.parcels:
            return
        self.begun += len(flight.parcels)
        at, self.last = self.clock(), time.monotonic()
        if self.pool:
            self.flights[self.pool.submit(deliver, self.gateway, flight, at)] = flight
        else:
            self._record(flight, deliver(self.gateway, flight, at))

    def _take_in(self, done: Iterable["Future[Said]"]) -> None:
        for each in done:
            self._record(self.flights.pop(each), each.result())

    def _record(self, flight: Flight, said: Said) -> None:
        """Write down what became of each letter, and what that says about the channel."""
        at = self.clock()
        if said is None:
            answers = [_stayed(each) for parcel in flight.parcels if not parcel.again for each in parcel.messages]
            claims.record_answers(answers, at=at)
            return
        outcomes = [said.get(parcel.letter.key, SILENCE) for parcel in flight.parcels]
        keeps = self.gateway.guarantee == Guarantee.IDEMPOTENT
        pairs = zip(flight.parcels, outcomes, strict=True)
        answers = [each for parcel, outcome in pairs for each in answers_of(parcel, outcome, keeps=keeps, at=at)]
        lasting(lambda: claims.record_answers(answers, at=at))
        breaker.learn(self.gateway.channel, outcomes, flight.turn)


def deliver(gateway: Gateway, flight: Flight, at: datetime) -> Said:
    """Hand letters over, outside any transaction; None when this process was frozen since they began."""
    if time.monotonic() - flight.begun > FROZEN:
        return None
    try:
        return gateway.deliver([each.letter for each in flight.parcels], at=at)
    except Error:
        raise
    except Exception:  # an adapter's mistake: some letters may have left
        log.exception("the gateway %s failed", gateway.channel)
        return {}


def lasting(write: Callable[[], object]) -> None:
    """Write what is known, also when the database restarts meanwhile; after a while it is left to the lease."""
    end = time.monotonic() + PATIENT
    while True:
        try:
            write()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > end:
                raise
            connection.close()
            time.sleep(PAUSE)
        else:
            return


def answers_of(parcel: Parcel, outcome: Outcome, *, keeps: bool, at: datetime) -> list[Answer]:
    """Tell what one outcome means for each message of a letter."""
    passing = outcome.fault in (Fault.LATER, Fault.STOP)
    if outcome.state == MessageState.UNKNOWN or (parcel.again and passing):
        return [_open(message, keeps=keeps) for message in parcel.messages]
    if outcome.state in TOLD:
        return [told(message, outcome, joined=index > 0) for index, message in enumerate(parcel.messages)]
    return [refused(message, outcome, channel=parcel.channel, at=at) for message in parcel.messages]


def _open(message: Message, *, keeps: bool) -> Answer:
    """Wait for a lease and hand it over again where keys are kept; else leave it open."""
    if not keeps:
        return unanswered(message)
    unknown, note = MessageState.UNKNOWN, Reason.NO_ANSWER
    return Answer(message.pk, message.attempt, MessageState.CLAIMED, unknown, note, tries=message.tries)


def _stayed(message: Message) -> Answer:
    """Free what began and was never handed over."""
    return Answer(message.pk, message.attempt, MessageState.PLANNED, tries=message.tries)


def sealed(parcel: Parcel) -> list[Sealed]:
    """Say what each message of a letter keeps of it."""
    carrier, wording = parcel.messages[0].pk, parcel.letter.wording
    return [
        Sealed(message.pk, message.attempt, carrier, parcel.channel, wording.text, wording.units if not index else 0)
        for index, message in enumerate(parcel.messages)
    ]
