"""The ledger: what a gateway took, written down before its answer leaves. The product is held to it."""

import hashlib
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Entry:
    """One letter that a gateway took."""

    to: str
    text: str = ""
    key: str = ""
    id: str = ""
    digest: str = ""  # of everything that was handed over
    facts: dict[str, str] = field(default_factory=dict)
    at: float = 0.0  # seconds since 1970, by this machine's clock
    arrives: bool = True  # whether it reaches the phone; when not, a report says so later


class Ledger:
    """A file that only grows, one line for each letter; it outlives the process that writes it."""

    def __init__(self, path: Path, *, texts: bool = True) -> None:
        self.path, self.texts = path, texts
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._of_key: dict[str, Entry] = {}
        for entry in read(path):
            self._remember(entry)

    def write(self, entry: Entry) -> None:
        """Add one line; from now on the letter was taken."""
        facts = asdict(entry) if self.texts else {**asdict(entry), "text": ""}
        os.write(self._file, json.dumps(facts, separators=(",", ":")).encode() + b"\n")
        self._remember(entry)

    def find(self, key: str) -> Entry | None:
        """Return the first letter under a key."""
        return self._of_key.get(key)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def _remember(self, entry: Entry) -> None:
        if entry.key:
            self._of_key.setdefault(entry.key, entry)


def read(path: Path) -> Iterator[Entry]:
    """Read every whole line of a ledger, oldest first."""
    if path.exists():
        with path.open(encoding="utf-8") as lines:
            yield from (Entry(**json.loads(line)) for line in lines if line.endswith("\n"))


def digest(body: bytes) -> str:
    """Return a short fingerprint of what was handed over."""
    return hashlib.sha256(body).hexdigest()[:16]


def now() -> float:
    """Read this machine's clock."""
    return time.time()
