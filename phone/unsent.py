"""The file of what could not be sent from a phone, brought in by a coordinator as if the mentor had sent it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from json import loads
from typing import Any, Final, NamedTuple, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from accounts.states import Role
from common.constraints import sentence_of
from common.errors import Refused
from common.events import record
from mentoring.actions import Outcome, Verdict, put_visit
from mentoring.content import Agreed, Came, Found, Spot, VisitContent
from mentoring.states import VisitMode, VisitState
from programs.models import Program
from villages.models import Village

Value = TypeVar("Value")
KIND: Final = "desa-devisa-unsent"
SCHEMA: Final = 1
BIGGEST: Final = 64 * 1024 * 1024  # bytes
MOST: Final = 2000  # records of one kind
MANY: Final = 200  # rows below one visit
LARGEST: Final = 2**63 - 1
CUT: Final = _lazy("This file cannot be read. It may have been cut on its way; ask for it again.")
BROKEN: Final = (ValueError, TypeError, KeyError, AttributeError, ArithmeticError)  # what a hostile value may cause


@dataclass(frozen=True)
class Unsent:
    """The file as read: whose it is, and its records as they stand there."""

    mentor: int
    visits: list[Any]
    photos: list[Any]
    acts: list[Any]


class Judged(NamedTuple):
    """What became of one record: what it is, the verdict by code, and why in words."""

    title: str
    verdict: str
    detail: str = ""


def read_unsent(data: bytes) -> Unsent:
    """Read a file of unsent records; whatever else it is, is a ValidationError in words."""
    try:
        file = loads(data.decode("utf-8-sig"), parse_constant=_no_number)
        kind, schema = file["kind"], file.get("schema")
    except (*BROKEN, RecursionError) as error:
        raise ValidationError(CUT) from error
    if kind != KIND:
        raise ValidationError(_("This is not a file of unsent records. Save it in the app, on the page “Sending”."))
    if type(schema) is int and schema > SCHEMA:
        raise ValidationError(_("This file comes from a newer app than this server knows."))
    try:
        return Unsent(_key(file["mentor"]), *(_rows(file, name) for name in ("visits", "photos", "acts")))
    except BROKEN as error:
        raise ValidationError(CUT) from error


def bring_in(unsent: Unsent, *, by: User, at: datetime) -> list[Judged]:
    """Take each record as its mentor would have sent it; bringing the same file again changes nothing."""
    mentor = User.objects.filter(pk=unsent.mentor, role=Role.MENTOR).first()
    if mentor is None:
        raise ValidationError(_("The mentor who saved this file is not known here."))
    programs = set(Program.objects.visible_to(by).values_list("pk", flat=True))
    names = dict(Village.objects.visible_to(by).values_list("pk", "name"))
    judged = [_visit(item, names, programs, mentor=mentor, by=by, at=at) for item in unsent.visits]
    return judged + _photos(unsent.photos) + _acts(unsent.acts)


def _visit(item: Any, names: dict[int, str], programs: set[int], *, mentor: User, by: User, at: datetime) -> Judged:
    try:
        key, content = UUID(item["id"]), content_of(item)
        base = item.get("base_version") and _key(item["base_version"])
    except BROKEN:
        return Judged(_("Visit"), "refused", _("This record is incomplete or damaged."))
    title = names.get(content.village, _("Visit"))
    if content.program not in programs:
        return Judged(_("Visit"), "refused", _("This visit belongs to a program that you do not run."))
    try:
        with transaction.atomic():
            verdict = put_visit(id=key, content=content, by=mentor, at=at, base_version=base)
            _note(verdict, by=by, at=at)
    except ValidationError as refused:
        return Judged(title, "refused", " ".join(refused.messages))
    except Refused as refused:
        return Judged(title, "refused", str(refused))
    except IntegrityError as refused:
        return Judged(title, "refused", sentence_of(refused))
    return Judged(title, "stored" if verdict.outcome == Outcome.CHANGED else str(verdict.outcome))


def _note(verdict: Verdict, *, by: User, at: datetime) -> None:
    """Say with the visit whose hand brought it in; a repeat says nothing."""
    if verdict.visit and verdict.outcome != Outcome.HAD_IT:
        record(verdict.visit, verb="brought_in", by=by, at=at, outcome=str(verdict.outcome))


def _photos(photos: list[Any]) -> list[Judged]:
    """Keep the photos of the visits above: here they meet the action that keeps one."""
    left = _("Photos stay on the phone; they go when it can send.")
    return [Judged(_("Photos"), "refused", left)] if photos else []


def _acts(acts: list[Any]) -> list[Judged]:
    """Mark what the phone marked: here they meet the action that merges one."""
    left = _("Attendance stays on the phone; it goes when it can send.")
    return [Judged(_("Attendance"), "refused", left)] if acts else []


def content_of(item: dict[str, Any]) -> VisitContent:
    """Read one visit of the file as plain values; what has another form raises one of `BROKEN`."""
    return VisitContent(
        village=_key(item["village"]),
        program=_key(item["program"]),
        visited_at=_moment(item["visited_at"]),
        mode=VisitMode(item.get("mode") or VisitMode.ON_SITE),
        modules=tuple(map(_text, _rows(item, "modules"))),
        summary=_text(item.get("summary")),
        purpose=_text(item.get("purpose")),
        attendees=tuple(_each(item, "attendees", _came)),
        findings=tuple(_each(item, "findings", _found)),
        action_items=tuple(_each(item, "action_items", _agreed)),
        location=_spot(item.get("location")),
        corrects=UUID(item["corrects"]) if item.get("corrects") else None,
        state=VisitState.SUBMITTED if item.get("state") == VisitState.SUBMITTED else VisitState.DRAFT,
    )


def _each(item: dict[str, Any], name: str, read: Callable[[Any], Value]) -> Iterator[Value]:
    return map(read, _rows(item, name, most=MANY))


def _came(row: Any) -> Came:
    person = row.get("person")
    person = person["id"] if isinstance(person, dict) else person
    return Came(person if person is None else _key(person), "" if person is not None else _text(row.get("name")))


def _found(row: Any) -> Found:
    return Found(_text(row["text"]), _text(row.get("module")), _text(row.get("criterion")))


def _agreed(row: Any) -> Agreed:
    due = row.get("due_on")
    return Agreed(
        UUID(row["id"]), _text(row["what"]), _text(row.get("owner")), date.fromisoformat(due) if due else None
    )


def _spot(place: Any) -> Spot | None:
    if not place:
        return None
    degrees = [Decimal(f"{float(place[name]):.5f}") for name in ("lat", "lon")]
    accuracy = round(float(place["accuracy"]))
    if abs(degrees[0]) > 90 or abs(degrees[1]) > 180 or not 0 <= accuracy <= 1_000_000:  # noqa: PLR2004  degrees
        raise ValueError(place)
    return Spot(degrees[0], degrees[1], accuracy)


def _rows(item: dict[str, Any], name: str, *, most: int = MOST) -> list[Any]:
    rows = item.get(name) or []
    if not isinstance(rows, list) or len(rows) > most:
        raise ValueError(name)
    return rows


def _key(value: Any) -> int:
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


def _no_number(name: str) -> None:
    raise ValueError(name)
