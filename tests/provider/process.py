"""A gateway in a process of its own, for as long as a block lasts."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from config.environment import BASE_DIR
from config.privileges import bound_to_parent
from tests.provider.ledger import Entry, read

TOKEN = "token-of-tests"
PATIENCE = 10.0


class Provider:
    """Starts `python -m tests.provider`; its ledger outlives it.

    Wishes are the fields of Faults (faults=...), Reports (reports=...), Names (names=...), Desk (desk=...) and of the
    gateway itself (play=...).
    """

    def __init__(
        self, kind: str, ledger: Path, *, seed: int = 1, life: float = 600, **wishes: Mapping[str, Any]
    ) -> None:
        self.kind, self.path, self.seed, self.life, self.wishes = kind, ledger, seed, life, wishes

    def __enter__(self) -> Self:
        """Start it and learn its ports."""
        command = [sys.executable, "-m", "tests.provider", "--kind", self.kind, "--ledger", str(self.path)]
        command += ["--seed", str(self.seed), "--life", str(self.life), "--with", json.dumps(self.wishes)]
        self.process = subprocess.Popen(
            command, cwd=BASE_DIR, stdout=subprocess.PIPE, text=True, preexec_fn=bound_to_parent()
        )
        assert self.process.stdout
        self.port, self.back_door = map(int, self.process.stdout.readline().split())
        return self

    def __exit__(self, *_trouble: object) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()
        assert self.process.stdout
        self.process.stdout.close()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

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

    def ask(self, what: str, told: Mapping[str, Any]) -> dict[str, Any]:
        """Go through the back door."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.back_door}/{what}",
            data=json.dumps(told).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            said: dict[str, Any] = json.load(answer)
        return said
