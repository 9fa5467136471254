"""A server in a process of its own while a block lasts, and its back door, through which tests tell it things."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from config.environment import BASE_DIR
from config.privileges import bound_to_parent


class Behind:
    """Runs one module as a program, which first prints its port and that of its back door."""

    module: ClassVar[str]
    patience: ClassVar[float]
    port = 0

    def wishes_of(self) -> list[str]:
        """Say with which arguments it starts."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        """Start it and learn its ports."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", self.module, *self.wishes_of()],
            cwd=BASE_DIR,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=bound_to_parent(),
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

    def ask(self, what: str, told: Mapping[str, Any]) -> dict[str, Any]:
        """Go through the back door."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.back_door}/{what}",
            data=json.dumps(told).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=self.patience) as answer:  # noqa: S310
            said: dict[str, Any] = json.load(answer)
        return said
