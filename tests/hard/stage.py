"""What every figure stands on: a database with a clock, a gateway with a ledger, a seed, a size, and a guard."""

import random
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tests.hard.database import Database
from tests.provider.faults import chance
from tests.provider.process import Provider


@dataclass(frozen=True)
class Stage:
    """One run of one figure; without the guard what it proves must break."""

    database: Database
    provider: Provider
    folder: Path
    web_port: int
    seed: int
    scale: float
    guard: bool
    soon = timedelta(hours=2)  # what is planned so far ahead still belongs to the run

    def size(self, whole: int, *, least: int = 1) -> int:
        """Return how many of the whole figure's things this run has."""
        return max(least, round(whole * self.scale))

    def chance(self) -> random.Random:
        """Return a source of chance that repeats itself."""
        return chance(self.seed)

    def skip(self, **time: float) -> None:
        """Let the database's clock jump ahead."""
        self.database.shift(timedelta(**time))
