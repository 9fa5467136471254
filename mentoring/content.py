"""What a mentor wrote down about one visit, as plain values with one digest."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from mentoring.states import VisitMode, VisitState


@dataclass(frozen=True, order=True)
class Came:
    """Someone who was there: a person of the village by key, or a walk-in by name."""

    person: int | None = None
    name: str = ""


@dataclass(frozen=True)
class Found:
    """What was found about one module or one criterion."""

    text: str
    module: str = ""
    criterion: str = ""


@dataclass(frozen=True)
class Agreed:
    """What was agreed; the key is chosen where it is written."""

    id: UUID
    what: str
    owner: str = ""
    due_on: date | None = None


@dataclass(frozen=True)
class Followed:
    """What became of an earlier action item; words show that it is done, or say why it is dropped."""

    id: UUID
    outcome: str
    words: str = ""
    due_on: date | None = None


@dataclass(frozen=True)
class Spot:
    """Where the phone was: degrees, and metres of accuracy."""

    latitude: Decimal
    longitude: Decimal
    accuracy: int


@dataclass(frozen=True)
class VisitContent:
    """One visit as sent: rows are named by key, modules and criteria by code; `state` is draft or submitted."""

    village: int
    program: int
    visited_at: datetime
    mode: str = VisitMode.ON_SITE
    modules: tuple[str, ...] = ()
    summary: str = ""
    purpose: str = ""
    attendees: tuple[Came, ...] = ()
    findings: tuple[Found, ...] = ()
    action_items: tuple[Agreed, ...] = ()
    followed: tuple[Followed, ...] = ()
    location: Spot | None = None
    cohort: int | None = None
    corrects: UUID | None = None
    state: str = VisitState.DRAFT

    @property
    def people(self) -> set[int]:
        """Collect the keys of the people who were there."""
        return {came.person for came in self.attendees if came.person is not None}

    def facts(self) -> dict[str, Any]:
        """Write the content in one form only: no order where order means nothing, no state."""
        place = self.location and [
            f"{self.location.latitude:.5f}",
            f"{self.location.longitude:.5f}",
            self.location.accuracy,
        ]
        return {
            "village": self.village,
            "program": self.program,
            "cohort": self.cohort,
            "corrects": self.corrects and str(self.corrects),
            "visited_at": self.visited_at.astimezone(UTC).isoformat(timespec="seconds"),
            "mode": str(self.mode),
            "modules": sorted(set(map(str, self.modules))),
            "summary": _written(self.summary),
            "purpose": _written(self.purpose),
            "attendees": sorted(
                [came.person, _written(came.name)] for came in self.attendees if came.person is not None
            )
            + sorted([None, _written(came.name)] for came in self.attendees if came.person is None),
            "findings": [{**asdict(found), "text": _written(found.text)} for found in self.findings],
            "action_items": [
                {
                    "id": str(item.id),
                    "what": _written(item.what),
                    "owner": _written(item.owner),
                    "due_on": item.due_on and item.due_on.isoformat(),
                }
                for item in self.action_items
            ],
            "location": place,
            **self._followed(),
        }

    def _followed(self) -> dict[str, Any]:
        """Write what became of earlier items; nothing where nothing is said, so that old digests stay."""
        rows = [
            {
                "id": str(item.id),
                "outcome": str(item.outcome),
                "words": _written(item.words),
                "due_on": item.due_on and item.due_on.isoformat(),
            }
            for item in sorted(self.followed, key=lambda item: str(item.id))
        ]
        return {"followed": rows} if rows else {}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the facts, 64 hexadecimal digits."""
        text = json.dumps(self.facts(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _written(text: str) -> str:
    """Take away what a form changes on its way: line ends and the space around."""
    return text.replace("\r\n", "\n").strip()
