"""What a mentor wrote down about one visit, as plain values with one digest."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from mentoring.models import Visit
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
class Pictured:
    """A photo that belongs to the visit and comes by itself; the digest is of the bytes that will be sent."""

    id: UUID
    sha256: str
    taken_at: datetime | None = None


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
    photos: tuple[Pictured, ...] = ()
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
            **({"photos": self._pictured()} if self.photos else {}),  # so that older digests stay
            **self._followed(),
        }

    def _pictured(self) -> list[dict[str, str | None]]:
        return [
            {
                "id": str(photo.id),
                "sha256": photo.sha256,
                "taken_at": photo.taken_at.astimezone(UTC).isoformat(timespec="seconds") if photo.taken_at else None,
            }
            for photo in sorted(self.photos, key=lambda photo: photo.id)
        ]

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


def content_of(visit: Visit) -> VisitContent:
    """Read a visit's rows back as the plain values that it was written from."""
    place = None
    if visit.latitude is not None and visit.longitude is not None:
        place = Spot(visit.latitude, visit.longitude, visit.accuracy or 0)
    return VisitContent(
        village=visit.village_id,
        program=visit.program_id,
        visited_at=visit.visited_at,
        mode=visit.mode,
        modules=tuple(module.pk for module in visit.modules.all()),
        summary=visit.summary,
        purpose=visit.purpose,
        attendees=tuple(Came(row.person_id, row.name) for row in visit.attendees.all()),
        findings=tuple(Found(row.text, row.module_id or "", row.criterion) for row in visit.findings.all()),
        action_items=tuple(Agreed(row.pk, row.what, row.owner, row.due_on) for row in visit.action_items.all()),
        location=place,
        corrects=visit.corrects_id,
        followed=tuple(Followed(row.item, row.outcome, row.words, row.due_on) for row in visit.followed.all()),
        photos=tuple(Pictured(row.pk, row.sha256, row.taken_at) for row in visit.photos.all() if row.named),
        state=visit.state,
    )


def read_content(facts: Mapping[str, Any]) -> VisitContent:
    """Read what `facts` wrote, with the state that was sent, back as the content; the digest is the same again."""
    place, day = facts["location"], date.fromisoformat
    return VisitContent(
        village=facts["village"],
        program=facts["program"],
        cohort=facts["cohort"],
        corrects=UUID(facts["corrects"]) if facts["corrects"] else None,
        visited_at=datetime.fromisoformat(facts["visited_at"]),
        mode=facts["mode"],
        modules=tuple(facts["modules"]),
        summary=facts["summary"],
        purpose=facts["purpose"],
        attendees=tuple(Came(person, name) for person, name in facts["attendees"]),
        findings=tuple(Found(**found) for found in facts["findings"]),
        action_items=tuple(
            Agreed(UUID(item["id"]), item["what"], item["owner"], day(item["due_on"]) if item["due_on"] else None)
            for item in facts["action_items"]
        ),
        location=Spot(Decimal(place[0]), Decimal(place[1]), place[2]) if place else None,
        followed=tuple(map(_read_followed, facts.get("followed", ()))),
        photos=tuple(map(_read_photo, facts.get("photos", ()))),
        state=facts.get("state", VisitState.DRAFT),
    )


def _read_followed(item: Mapping[str, str | None]) -> Followed:
    due = item["due_on"]
    return Followed(
        UUID(item["id"]), item["outcome"] or "", item["words"] or "", date.fromisoformat(due) if due else None
    )


def _read_photo(photo: Mapping[str, str | None]) -> Pictured:
    taken = photo["taken_at"]
    return Pictured(UUID(photo["id"]), photo["sha256"] or "", datetime.fromisoformat(taken) if taken else None)


def _written(text: str) -> str:
    """Take away what a form changes on its way: line ends and the space around."""
    return text.replace("\r\n", "\n").strip()
