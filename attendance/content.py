"""What a phone says about a sheet, as plain values: one act, and the clock that it was made by."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from attendance.states import ActKind
from programs.states import AttendanceState

ON_THE_WAY: Final = timedelta(minutes=2)  # a skew below this is the network, not the clock


@dataclass(frozen=True)
class ActContent:
    """One act: a mark on a seat, or somebody who came unasked, known by key or written by name."""

    id: UUID
    kind: str
    session: int
    made_at: datetime
    enrollment: int | None = None
    state: str = AttendanceState.PRESENT
    minutes: int | None = None
    excuse: str = ""
    cohort: int | None = None
    person: int | None = None
    name: str = ""
    sex: str = ""

    @property
    def marks(self) -> bool:
        """Tell whether it is about a seat."""
        return self.kind == ActKind.MARK

    @property
    def digest(self) -> str:
        """Tell one content from another, whenever it is sent."""
        said = json.dumps(asdict(replace(self, name=" ".join(self.name.split()))), default=str, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True)
class PhoneClock:
    """When acts arrived, and what the phone's own clock said as it sent them; None when nobody looked."""

    received_at: datetime
    sent_at: datetime | None = None

    @property
    def skew(self) -> int | None:
        """Count the seconds that the phone was behind; below zero it was ahead."""
        return round((self.received_at - self.sent_at).total_seconds()) if self.sent_at else None

    def true(self, made_at: datetime) -> datetime:
        """Put a time of the phone right; what seems to come from the future was made just now."""
        behind = self.received_at - self.sent_at if self.sent_at else timedelta()
        return min(self.received_at, made_at + behind if abs(behind) >= ON_THE_WAY else made_at)
