"""A gateway in a process of its own, for as long as a block lasts."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.plumbing.backdoor import Behind
from tests.provider.ledger import Entry, read

TOKEN = "token-of-tests"
PATIENCE = 10.0


class Provider(Behind):
    """Starts `python -m tests.provider`; its ledger outlives it.

    Wishes are the fields of Faults (faults=...), Reports (reports=...), Names (names=...), Desk (desk=...) and of the
    gateway itself (play=...).
    """

    module = "tests.provider"
    patience = PATIENCE

    def __init__(
        self, kind: str, ledger: Path, *, seed: int = 1, life: float = 600, **wishes: Mapping[str, Any]
    ) -> None:
        self.kind, self.path, self.seed, self.life, self.wishes = kind, ledger, seed, life, wishes

    def wishes_of(self) -> list[str]:
        """Say with which arguments it starts."""
        told = ["--kind", self.kind, "--ledger", str(self.path)]
        return [*told, "--seed", str(self.seed), "--life", str(self.life), "--with", json.dumps(self.wishes)]

    def ledger(self) -> list[Entry]:
        """Read what it took so far."""
        return list(read(self.path))

    def faults(self, **told: Any) -> None:
        """Change its faults: next=["cut_after"], numbers={"+62812...": "131026"}."""
        self.ask("faults", told)

    def reports(self, **told: Any) -> None:
        """Change its reports: to="http://...", doubled=1."""
        self.ask("reports", told)

    def say(self, **told: Any) -> str:
        """Have somebody write to it; returns the id of what they wrote."""
        return str(self.ask("say", told)["id"])

    def counts(self) -> dict[str, Any]:
        """Ask what became of letters and reports."""
        return self.ask("counts", {})
