"""Reading what comes from outside: anything may be missing, of another kind, too long, or not fit to be kept."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError

from common.phones import parse_phone

NAME: Final = 200  # characters of an id
SPOKEN: Final = 4096
_KEPT: Final = timedelta(days=31)  # no gateway tells of older things
_DIGITS = re.compile(r"\+?([1-9][0-9]{6,14})")

Fields = Mapping[str, Any]


def parsed(body: bytes) -> Any:
    """Parse JSON; None when it is none, or nested or long beyond reason."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def fields_of(thing: object) -> Fields:
    """Take an object as it is, and anything else as an empty one."""
    return thing if isinstance(thing, dict) else {}


def items_of(thing: object) -> Iterator[Any]:
    """Walk a list; anything else has no items."""
    yield from thing if isinstance(thing, list) else ()


def text_of(thing: object, most: int = NAME) -> str:
    """Read a text or a number as a text that PostgreSQL can keep, and no more of it than fits."""
    if isinstance(thing, bool) or not isinstance(thing, str | int | float):
        return ""
    try:
        text = str(thing)
    except ValueError:  # a number of thousands of digits
        return ""
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:most]


def word_of(thing: object) -> str:
    """Read a word in small letters; yes and no are words too."""
    return str(thing).lower() if isinstance(thing, bool) else text_of(thing).strip().lower()


def dug(thing: object, path: str) -> object:
    """Follow a path like `data.messages.0.id` into objects and lists; None where it ends early."""
    for step in path.split("."):
        if isinstance(thing, list):
            thing = thing[int(step)] if step.isdecimal() and int(step) < len(thing) else None
        else:
            thing = fields_of(thing).get(step)
    return thing


def id_of(thing: object) -> str:
    """Read an id; one that is too long is none, because a part of it could be another's."""
    text = text_of(thing, NAME + 1)
    return text if len(text) <= NAME else ""


def international(thing: object) -> str:
    """Read a number that begins with its country's code as E.164; anything else is none."""
    found = _DIGITS.fullmatch(text_of(thing).strip())
    return f"+{found[1]}" if found else ""


def number_of(thing: object) -> str:
    """Read a number as Indonesians write it, else with its country's code."""
    try:
        return parse_phone(text_of(thing))
    except ValidationError:
        return international(thing)


def key_of(thing: object) -> UUID | None:
    """Read our key, if it is one."""
    try:
        return UUID(text_of(thing))
    except ValueError:
        return None


def moment_of(thing: object, *, at: datetime) -> datetime:
    """Read seconds since 1970 or an ISO time; what is absurd counts as now."""
    text = text_of(thing, 40).strip()
    try:
        told = datetime.fromtimestamp(float(text), UTC) if text.replace(".", "", 1).isdigit() else _iso(text)
    except (ValueError, OverflowError, OSError):
        return at
    return told if at - _KEPT <= told <= at + timedelta(hours=1) else at


def _iso(text: str) -> datetime:
    told = datetime.fromisoformat(text)
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def fingerprint(thing: object) -> str:
    """Name a thing without an id by what it is, so that it is kept once."""
    return "sha256:" + hashlib.sha256(json.dumps(thing, sort_keys=True, default=str).encode()).hexdigest()
