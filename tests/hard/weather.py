"""What goes wrong on a bad link: drawn from a seed for each request, the same whichever comes first, or told."""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

UNSAFE = ("PUT", "POST", "PATCH", "DELETE")


class Fate(StrEnum):
    """What becomes of one request on its way."""

    PASS = "pass"
    DROP = "drop"  # sent whole by the client, never reached the server
    SILENT = "silent"  # the same, and the connection hangs before it breaks
    CUT_UP = "cut_up"  # broken in the middle of its body, on both sides; without a body dropped
    CUT_AFTER = "cut_after"  # the server answered, and not a byte of it arrives
    CUT_DOWN = "cut_down"  # broken in the middle of the answer's body; without one nothing arrives
    DOWN = "down"  # never drawn: the server was not there, or died over it
    GONE = "gone"  # never drawn: the client left in the middle


DRAWN = (Fate.DROP, Fate.SILENT, Fate.CUT_UP, Fate.CUT_AFTER, Fate.CUT_DOWN)
# Three requests of ten break, a third is slow, one of five comes once more.
BAD_LINK: Mapping[str, Any] = {
    "drop": 0.10,
    "cut_up": 0.06,
    "cut_after": 0.08,
    "cut_down": 0.06,
    "slow": 0.3,
    "delay": 60,
    "replay": 0.2,
    "replay_after": 3000,
}


@dataclass(frozen=True)
class Lot:
    """What was drawn for one request."""

    fate: Fate = Fate.PASS
    delay: float = 0.0  # seconds before it goes on
    point: float = 0.5  # where a body is cut: after this share of it
    replay: float | None = None  # seconds until the server gets it once more


@dataclass
class Weather:
    """Shares from 0 to 1, times in milliseconds; what is told for the next requests goes first.

    The n-th time that a method meets a target its lot hangs on the seed, the method, the target and n, and on nothing
    else: parallel connections change nothing.
    """

    seed: int = 1
    drop: float = 0
    silent: float = 0
    silence: float = 5000  # until a silent connection breaks
    cut_up: float = 0
    cut_after: float = 0
    cut_down: float = 0
    slow: float = 0
    delay: float = 0  # a slow request waits up to so long
    replay: float = 0  # of unsafe requests that the client sent whole
    replay_after: float = 1000  # up to so long after it was sent
    only: list[str] = field(default_factory=lambda: ["/"])  # beginnings of targets; all others pass
    next: list[str] = field(default_factory=list)  # fates of the next requests

    def __post_init__(self) -> None:
        self._times: Counter[tuple[str, str]] = Counter()

    def change(self, told: Mapping[str, Any]) -> None:
        """Take other wishes; what is not named stays."""
        for name in told:
            if name not in {each.name for each in fields(self)}:
                raise KeyError(name)
        for name, value in told.items():
            setattr(self, name, value)

    def draw(self, method: str, target: str) -> Lot:
        """Decide what becomes of a request."""
        if not target.startswith(tuple(self.only)):
            return Lot()
        nth = self._times[method, target]
        self._times[method, target] += 1
        dice = random.Random(f"{self.seed} {method} {target} {nth}")  # noqa: S311  a test is repeatable
        fate, point = self._fate(dice.random()), dice.random()
        delay = dice.random() * self.delay / 1000 if dice.random() < self.slow else 0.0
        again = dice.random() < self.replay and method in UNSAFE
        after = dice.random() * self.replay_after / 1000
        return Lot(fate, delay, point, after if again else None)

    def _fate(self, share: float) -> Fate:
        if self.next:
            return Fate(self.next.pop(0))
        for fate in DRAWN:
            share -= getattr(self, fate)
            if share < 0:
                return fate
        return Fate.PASS
