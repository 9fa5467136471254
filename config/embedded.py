"""PostgreSQL out of a wheel, in a folder of ours."""

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LONGEST_SOCKET = 100


@dataclass(frozen=True)
class Embedded:
    """One PostgreSQL server that lives in one folder."""

    data: Path

    @property
    def sockets(self) -> Path:
        """The folder of the server's socket: beside the data, or in /tmp when that path is too long for a socket."""
        near = self.data.parent / f"{self.data.name}-socket"
        if len(str(near / ".s.PGSQL.5432")) <= LONGEST_SOCKET:
            return near
        return Path(tempfile.gettempdir()) / f"desa-devisa-{hashlib.sha256(str(self.data).encode()).hexdigest()[:12]}"

    def database(self, name: str) -> dict[str, Any]:
        """Return Django's settings of a database on this server."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": name,
            "USER": "postgres",
            "HOST": str(self.sockets),
        }
