"""A bad link in a process of its own, for as long as a block lasts; tests/hard/proxy.py says what it can do."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from config.environment import BASE_DIR
from config.privileges import bound_to_parent
from tests.hard.proxy import Carried

PATIENCE = 90.0


class Link:
    """Starts `python -m tests.hard.proxy`; its ledger outlives it. Wishes are the fields of Weather."""

    def __init__(self, server: int, ledger: Path, *, seed: int = 1, port: int = 0, **wishes: Any) -> None:
        self.server, self.path, self.seed, self.port, self.wishes = server, ledger, seed, port, wishes

    def __enter__(self) -> Self:
        """Start it and learn its ports."""
        command = [sys.executable, "-m", "tests.hard.proxy", "--server", str(self.server), "--ledger", str(self.path)]
        command += ["--seed", str(self.seed), "--port", str(self.port), "--with", json.dumps(self.wishes)]
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
