"""A bad link in a process of its own, for as long as a block lasts; tests/hard/proxy.py says what it can do."""

import json
import time
from pathlib import Path
from typing import Any

from tests.hard.proxy import Carried
from tests.plumbing.backdoor import Behind

PATIENCE = 90.0


class Link(Behind):
    """Starts `python -m tests.hard.proxy`; its ledger outlives it. Wishes are the fields of Weather."""

    module = "tests.hard.proxy"
    patience = PATIENCE

    def __init__(self, server: int, ledger: Path, *, seed: int = 1, port: int = 0, **wishes: Any) -> None:
        self.server, self.path, self.seed, self.port, self.wishes = server, ledger, seed, port, wishes

    def wishes_of(self) -> list[str]:
        """Say with which arguments it starts."""
        told = ["--server", str(self.server), "--ledger", str(self.path)]
        return [*told, "--seed", str(self.seed), "--port", str(self.port), "--with", json.dumps(self.wishes)]

    def faults(self, **told: Any) -> None:
        """Change the weather: drop=0.3, next=["cut_up", "drop"], only=["/api/"]."""
        self.ask("faults", told)

    def off(self) -> None:
        """Go into aeroplane mode."""
        self.ask("off", {})

    def on(self) -> None:
        """Leave it."""
        self.ask("on", {})

    def counts(self) -> dict[str, Any]:
        """Ask what became of requests, and how many replays are still to come."""
        return self.ask("counts", {})

    def settle(self) -> None:
        """Wait until every replay was brought."""
        end = time.monotonic() + PATIENCE
        while self.counts()["waiting"]:
            assert time.monotonic() < end, "Replays are still waiting."
            time.sleep(0.05)

    def ledger(self) -> list[Carried]:
        """Read what it did so far."""
        lines = self.path.read_text(encoding="utf-8").splitlines(keepends=True)
        return [Carried(**json.loads(line)) for line in lines if line.endswith("\n")]
