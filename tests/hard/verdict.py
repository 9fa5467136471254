"""What a figure found, and what it may find at most."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from tests.provider.ledger import Entry


@dataclass(frozen=True)
class Verdict:
    """Counts by name, and for some of them the most that is allowed."""

    facts: Mapping[str, float]
    limits: Mapping[str, float]

    @property
    def broken(self) -> list[str]:
        """Name what is over its limit; a fact that is missing is over it."""
        return [name for name, most in self.limits.items() if self.facts.get(name, float("inf")) > most]

    def line(self, figure: str, *, seed: int, scale: float, guard: bool, seconds: float) -> str:
        """Write it as one line."""
        facts = ", ".join(f"{name} {value:g}" for name, value in self.facts.items())
        word = f"BROKEN: {', '.join(self.broken)}" if self.broken else "held"
        off = "" if guard else " guard off"
        return f"{figure} seed {seed} scale {scale:g}{off}: {facts}; {seconds:.0f} s; {word}"

    def written(self) -> str:
        """Write it for a program."""
        return json.dumps({"facts": dict(self.facts), "broken": self.broken})


def lost(ledger: Iterable[Entry], expected: Collection[str]) -> set[str]:
    """Return the numbers that should have heard and are not in the ledger."""
    return set(expected) - {entry.to for entry in ledger}


def doubled(ledger: Iterable[Entry]) -> Counter[str]:
    """Return the numbers that got more than one letter, with how many too many."""
    times = Counter(entry.to for entry in ledger)
    return Counter({number: count - 1 for number, count in times.items() if count > 1})
