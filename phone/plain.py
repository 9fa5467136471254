"""The records of a file of unsent records, read as plain values; what has another form raises one of `BROKEN`."""

from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final, TypeVar
from uuid import UUID

from attendance.content import ActContent
from attendance.states import ActKind
from common.images import LARGEST as LARGEST_PHOTO
from mentoring.content import Agreed, Came, Followed, Found, Pictured, Spot, VisitContent
from mentoring.models.photo import MOST_PHOTOS
from mentoring.states import SETTLED, ActionState, VisitMode, VisitState
from programs.states import AttendanceState, Excuse
from villages.states import Sex

Value = TypeVar("Value")
MOST: Final = 2000  # records of one kind
MANY: Final = 200  # rows below one visit
LONGEST_NAME: Final = 120
DAY: Final = 24 * 60  # minutes
LARGEST: Final = 2**63 - 1
HEX: Final = frozenset("0123456789abcdef")
BROKEN: Final = (ValueError, TypeError, KeyError, AttributeError, ArithmeticError)  # what a hostile value may cause


@dataclass(frozen=True)
class Sent:
    """One photo: its own key, its visit's, and its bytes."""

    id: UUID
    visit: UUID
    jpeg: bytes
    taken_at: datetime | None


def content_of(item: dict[str, Any]) -> VisitContent:
    """Read one visit of the file as plain values; what has another form raises one of `BROKEN`."""
    return VisitContent(
        village=key_of(item["village"]),
        program=key_of(item["program"]),
        visited_at=_moment(item["visited_at"]),
        mode=VisitMode(item.get("mode") or VisitMode.ON_SITE),
        modules=tuple(map(_text, rows_of(item, "modules", most=MANY))),
        summary=_text(item.get("summary")),
        purpose=_text(item.get("purpose")),
        attendees=tuple(_each(item, "attendees", _came)),
        findings=tuple(_each(item, "findings", _found)),
        action_items=tuple(_each(item, "action_items", _agreed)),
        followed=tuple(_each(item, "followed", _followed)),
        location=_spot(item.get("location")),
        corrects=UUID(item["corrects"]) if item.get("corrects") else None,
        photos=tuple(map(_pictured, rows_of(item, "photos", most=MOST_PHOTOS))),
        state=VisitState.SUBMITTED if item.get("state") == VisitState.SUBMITTED else VisitState.DRAFT,
    )


def photo_of(item: dict[str, Any]) -> Sent:
    """Read one photo; bytes that are not those which the phone kept are broken."""
    text = item["jpeg"]
    if not isinstance(text, str) or len(text) > LARGEST_PHOTO // 3 * 4 + 4:
        raise ValueError(len(text))
    jpeg = b64decode(text, validate=True)
    if sha256(jpeg).hexdigest() != item["sha256"]:
        raise ValueError(item["sha256"])
    return Sent(UUID(item["id"]), UUID(item["visit"]), jpeg, _perhaps(item.get("taken_at"), _moment))


def act_of(item: dict[str, Any]) -> ActContent:
    """Read one act of attendance: a mark on a seat, or somebody who came unasked."""
    head: dict[str, Any] = {
        "id": UUID(item["id"]),
        "session": key_of(item["session"]),
        "made_at": _moment(item["made_at"]),
    }
    if ActKind(item["kind"]) == ActKind.MARK:
        seat: dict[str, Any] = {"enrollment": key_of(item["enrollment"]), "state": AttendanceState(item["state"])}
        excuse = Excuse(item["excuse"]) if item.get("excuse") else ""
        return ActContent(**head, **seat, kind=ActKind.MARK, minutes=_minutes(item.get("minutes")), excuse=excuse)
    person, name = _perhaps(item.get("person"), key_of), _text(item.get("name")).strip()
    if (person is None and not name) or len(name) > LONGEST_NAME:
        raise ValueError(name)
    sex = Sex(item["sex"]) if item.get("sex") else ""
    return ActContent(**head, kind=ActKind.WALK_IN, cohort=key_of(item["cohort"]), person=person, name=name, sex=sex)


def _each(item: dict[str, Any], name: str, read: Callable[[Any], Value]) -> Iterator[Value]:
    return map(read, rows_of(item, name, most=MANY))


def _came(row: Any) -> Came:
    person = row.get("person")
    person = person["id"] if isinstance(person, dict) else person
    return Came(person if person is None else key_of(person), "" if person is not None else _text(row.get("name")))


def _found(row: Any) -> Found:
    return Found(_text(row["text"]), _text(row.get("module")), _text(row.get("criterion")))


def _agreed(row: Any) -> Agreed:
    return Agreed(UUID(row["id"]), _text(row["what"]), _text(row.get("owner")), _perhaps(row.get("due_on"), _day))


def _followed(row: Any) -> Followed:
    outcome = ActionState(row["outcome"])
    if outcome not in SETTLED:
        raise ValueError(outcome)
    return Followed(UUID(row["id"]), outcome, _text(row.get("words")), _perhaps(row.get("due_on"), _day))


def _pictured(row: Any) -> Pictured:
    digest = _text(row["sha256"])
    if len(digest) != 64 or set(digest) - HEX:  # noqa: PLR2004  a SHA-256
        raise ValueError(digest)
    return Pictured(UUID(row["id"]), digest, _perhaps(row.get("taken_at"), _moment))


def _perhaps(value: Any, read: Callable[[Any], Value]) -> Value | None:
    return None if value is None else read(value)


def _spot(place: Any) -> Spot | None:
    if not place:
        return None
    degrees = [Decimal(f"{float(place[name]):.5f}") for name in ("lat", "lon")]
    accuracy = round(float(place["accuracy"]))
    if abs(degrees[0]) > 90 or abs(degrees[1]) > 180 or not 0 <= accuracy <= 1_000_000:  # noqa: PLR2004  degrees
        raise ValueError(place)
    return Spot(degrees[0], degrees[1], accuracy)


def rows_of(item: dict[str, Any], name: str, *, most: int = MOST) -> list[Any]:
    """Take a list of at most so many; nothing is an empty one."""
    rows = item.get(name) or []
    if not isinstance(rows, list) or len(rows) > most:
        raise ValueError(name)
    return rows


def _minutes(value: Any) -> int | None:
    if value is not None and (type(value) is not int or not 0 <= value <= DAY):
        raise ValueError(value)
    return value


def _day(value: Any) -> date:
    return date.fromisoformat(value)


def key_of(value: Any) -> int:
    """Take a number that may be a row's key."""
    if type(value) is not int or not 0 < value <= LARGEST:
        raise ValueError(value)
    return value


def _text(value: Any) -> str:
    """Take a text that a database can hold."""
    if value is None:
        return ""
    if not isinstance(value, str) or "\0" in value:
        raise TypeError(value)
    return value.encode().decode()


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None or not 1900 <= moment.year <= 2200:  # noqa: PLR2004  the ages of the house
        raise ValueError(value)
    return moment
