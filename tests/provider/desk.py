"""The desk behind every gateway: a letter comes, a fate is drawn, the ledger is written, reports are promised."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.provider.faults import TAKEN, Fate, Faults, chance
from tests.provider.ledger import Entry, Ledger, now
from tests.provider.webhooks import Courier


@dataclass(frozen=True)
class Taking:
    """What became of one letter: its entry when it was taken, the code when it was refused."""

    fate: Fate
    code: str = ""
    entry: Entry | None = None
    after: float = 0.0  # seconds until the answer


class Desk:
    """Takes letters one by one; with `keys` the same key twice is one letter."""

    def __init__(self, ledger: Ledger, faults: Faults, courier: Courier, *, keys: bool = False) -> None:
        self.ledger, self.faults, self.courier, self.keys = ledger, faults, courier, keys
        self._chance = chance(faults.seed + 1)

    def take(self, letter: Entry, *, name: Callable[[str], str]) -> Taking:
        """Draw the letter's fate, and write it down under a new id when it is taken."""
        fate, code = self.faults.draw(letter.to)
        after = self.faults.pause()
        if fate not in TAKEN:
            return Taking(fate, code, after=after)
        return Taking(fate, entry=self.enter(letter, name=name), after=after)

    def enter(self, letter: Entry, *, name: Callable[[str], str]) -> Entry:
        """Write a letter into the ledger under a new id, or find it there under its key."""
        if self.keys and (known := self.ledger.find(letter.key)):
            return known
        number = f"{self._chance.getrandbits(96):024X}"
        arrives = self._chance.random() >= self.courier.reports.failed
        entry = replace(letter, id=name(number), at=now(), arrives=arrives)
        self.ledger.write(entry)
        self.courier.promise(entry)
        return entry
