"""What goes wrong at a gateway: drawn from a seed, or told letter by letter."""

import random
from collections import Counter, deque
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

from tests.provider.ledger import now


class Fate(StrEnum):
    """What becomes of one letter at the gateway's door."""

    TAKE = "take"
    REFUSE = "refuse"  # an answer with a code; nothing was taken
    CUT_BEFORE = "cut_before"  # the connection breaks; nothing was taken
    DEAF = "deaf"  # no answer ever comes; nothing was taken
    CUT_AFTER = "cut_after"  # taken, and the connection breaks in place of an answer
    ERROR_AFTER = "error_after"  # taken, and the answer is a 500
    HANG = "hang"  # taken, and no answer ever comes


TAKEN = (Fate.TAKE, Fate.CUT_AFTER, Fate.ERROR_AFTER, Fate.HANG)
TOO_FAST = "too fast"  # the code of a letter over the rate; each gateway has its own word for it


def chance(seed: int) -> random.Random:
    """Return a source of chance that repeats itself."""
    return random.Random(seed)  # noqa: S311  a test is repeatable


@dataclass
class Faults:
    """Shares from 0 to 1, pauses in milliseconds; what is told for the next letters or for a number goes first."""

    seed: int = 1
    cut_before: float = 0
    deaf: float = 0
    cut_after: float = 0
    error_after: float = 0
    hang: float = 0
    refuse: dict[str, float] = field(default_factory=dict)  # code -> share
    travel: float = 0  # up to so long until a letter comes to be read
    latency: float = 0  # from then on to the answer, and up to jitter more
    jitter: float = 0
    rate: int = 0  # letters per second that are taken; 0 = any number
    next: list[str] = field(default_factory=list)  # fates or codes of the next letters
    numbers: dict[str, str] = field(default_factory=dict)  # number -> fate or code, each time

    def __post_init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._chance = chance(self.seed)
        self._lately: deque[float] = deque()

    def change(self, told: dict[str, Any]) -> None:
        """Take other wishes; what is not named stays."""
        known = {each.name for each in fields(self)}
        for name, value in told.items():
            if name not in known:
                raise KeyError(name)
            setattr(self, name, value)

    def draw(self, number: str) -> tuple[Fate, str]:
        """Decide what becomes of the next letter, with the code when it is refused."""
        fate, code = self._told(number) or self._drawn()
        if fate in TAKEN and self._too_fast():
            fate, code = Fate.REFUSE, TOO_FAST
        self.counts[code or str(fate)] += 1
        return fate, code

    def pause(self) -> float:
        """Return the seconds until the answer leaves."""
        return (self.latency + self._chance.random() * self.jitter) / 1000

    def way_here(self) -> float:
        """Return the seconds until a request is read."""
        return self._chance.random() * self.travel / 1000 if self.travel else 0

    def _told(self, number: str) -> tuple[Fate, str] | None:
        word = self.numbers.get(number) or (self.next.pop(0) if self.next else "")
        if not word:
            return None
        return (Fate(word), "") if word in list(Fate) else (Fate.REFUSE, word)

    def _drawn(self) -> tuple[Fate, str]:
        point = self._chance.random()
        for fate in (Fate.CUT_BEFORE, Fate.DEAF, Fate.CUT_AFTER, Fate.ERROR_AFTER, Fate.HANG):
            point -= getattr(self, fate)
            if point < 0:
                return fate, ""
        for code, share in self.refuse.items():
            point -= share
            if point < 0:
                return Fate.REFUSE, code
        return Fate.TAKE, ""

    def _too_fast(self) -> bool:
        if not self.rate:
            return False
        at = now()
        while self._lately and self._lately[0] <= at - 1:
            self._lately.popleft()
        if len(self._lately) >= self.rate:
            return True
        self._lately.append(at)
        return False
