"""Sending: settle what was left open, then claim, begin, hand over and record until nothing is due.

Several senders run at once; each may be killed anywhere and nothing is lost, doubled or stale.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from common.chores import do_chores
from reminders.breaker import open_books
from reminders.channels import open_gateways, with_people
from reminders.channels.gateway import Gateway, Guarantee
from reminders.claims import close_lapsed, database_clock, free_lapsed
from reminders.sender.ahead import Ahead
from reminders.sender.delivery import Clock, Desk
from reminders.sender.packing import Batch, Parcel, claim, resume
from reminders.settling import ask_gateway, give_up, settle_reports

AT_ONCE = 256  # numbers per claim
PATIENCE = 50.0  # seconds of one tick


def send_due(
    *,
    clock: Clock = database_clock,
    gateways: Sequence[Gateway] | None = None,
    patience: float = PATIENCE,
    going: Callable[[], bool] = lambda: True,
) -> int:
    """Send what is due until nothing is left, the tick is over or it shall not go on; returns how many texts began."""
    end = time.monotonic() + patience
    sender = Sender(gateways or open_gateways(), clock, lambda: going() and time.monotonic() < end)
    return sender.run()


class Sender:
    """One tick of one sender, over all its gateways."""

    def __init__(self, gateways: Sequence[Gateway], clock: Clock, going: Callable[[], bool]) -> None:
        """Take the gateways in the order of the ladder."""
        self.desks = {str(each.channel): Desk(each, clock, going) for each in gateways}
        self.rungs = with_people([*self.desks])
        self.keeping = [name for name, each in self.desks.items() if each.gateway.guarantee == Guarantee.IDEMPOTENT]
        self.clock, self.going = clock, going

    def run(self) -> int:
        """Settle what was left open, then hand over what is due."""
        open_books(self.desks)
        self.settle()
        with ExitStack() as stack:
            for desk in self.desks.values():
                stack.enter_context(desk)
            self.drain(Ahead(self.take_again))
            rated = any(desk.rate for desk in self.desks.values())
            self.drain(stack.enter_context(Ahead(self.take_due, threaded=rated)))
        return sum(desk.begun for desk in self.desks.values())

    def settle(self) -> None:
        """Do each tick's chores; free, close or ask for what senders left; take in what gateways reported."""
        do_chores(self.clock())
        free_lapsed()
        close_lapsed(self.keeping, at=self.clock())
        settle_reports(at=self.clock())
        for desk in self.desks.values():
            if desk.gateway.guarantee == Guarantee.LOOKUP and self.going():
                ask_gateway(desk.gateway, at=self.clock())

    def drain(self, batches: Ahead) -> None:
        """Hand batch after batch over, until none is left and no answer is open that might make more."""
        while self.going():
            batch = batches.take()
            self.hand_over(batch)
            if not batch.touched and not self.land():
                break

    def land(self) -> bool:
        """Wait for every answer that is open; tells whether any came."""
        return any([desk.land() for desk in self.desks.values()])  # noqa: C419  every desk, not only up to the first

    def take_again(self) -> Batch:
        """Claim what was not answered and may be handed over again."""
        return resume(self.keeping, at=self.clock(), size=AT_ONCE)

    def take_due(self) -> Batch:
        """Claim what is due."""
        return claim(self.rungs, at=self.clock(), size=AT_ONCE)

    def hand_over(self, batch: Batch) -> None:
        """Hand letters over, channel by channel, and say of the others that no way is left."""
        ways: dict[str, list[Parcel]] = defaultdict(list)
        for parcel in batch.parcels:
            ways[parcel.channel].append(parcel)
        for channel, letters in ways.items():
            self.desks[channel].hand_over(letters)
        for each in batch.hopeless:
            give_up(each.messages, point=each.point, refused=each.refused, at=self.clock())
