"""Sending: settle what was left open, then claim, begin, hand over and record until nothing is due.

Several senders run at once; each may be killed anywhere and nothing is lost, doubled or stale.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from reminders.breaker import open_books
from reminders.channels import open_gateways, with_people
from reminders.channels.gateway import Gateway, Guarantee
from reminders.claims import close_lapsed, database_clock, free_lapsed
from reminders.sender.delivery import Clock, Desk
from reminders.sender.packing import Batch, Hopeless, Parcel, claim, resume
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
        self.gateways = {str(each.channel): each for each in gateways}
        self.rungs = with_people([*self.gateways])
        self.keeping = [name for name, each in self.gateways.items() if each.guarantee == Guarantee.IDEMPOTENT]
        self.clock, self.going = clock, going

    def run(self) -> int:
        """Settle, then send."""
        open_books(self.gateways)
        self.settle()
        sent = 0
        for take in (self.take_again, self.take_due):
            while self.going():
                batch = take()
                sent += self.hand_over(batch.parcels)
                self.give_up(batch.hopeless)
                if not batch.touched:
                    break
        return sent

    def settle(self) -> None:
        """Free, close or ask for what other senders left, and take in what gateways reported."""
        free_lapsed()
        close_lapsed(self.keeping, at=self.clock())
        settle_reports(at=self.clock())
        for gateway in self.gateways.values():
            if gateway.guarantee == Guarantee.LOOKUP and self.going():
                ask_gateway(gateway, at=self.clock())

    def take_again(self) -> Batch:
        """Claim what was not answered and may be handed over again."""
        return resume(self.keeping, at=self.clock(), size=AT_ONCE)

    def take_due(self) -> Batch:
        """Claim what is due."""
        return claim(self.rungs, at=self.clock(), size=AT_ONCE)

    def hand_over(self, parcels: Iterable[Parcel]) -> int:
        """Hand letters over, channel by channel."""
        ways: dict[str, list[Parcel]] = defaultdict(list)
        for parcel in parcels:
            ways[parcel.channel].append(parcel)
        begun = 0
        for channel, letters in ways.items():
            with Desk(self.gateways[channel], self.clock, self.going) as desk:
                begun += desk.hand_over(letters)
        return begun

    def give_up(self, hopeless: Iterable[Hopeless]) -> None:
        """Say of messages that no way is left."""
        for each in hopeless:
            give_up(each.messages, point=each.point, refused=each.refused, at=self.clock())
