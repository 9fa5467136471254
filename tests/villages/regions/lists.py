"""Small lists of places, and how to load them."""

from datetime import UTC, datetime
from hashlib import sha256

from accounts.models import User
from villages.models import RegionEdition
from villages.regions.comparing import Diff, Stored, compare
from villages.regions.files import Source, read_content
from villages.regions.loading import Loaded, check_list, load_places
from villages.regions.places import Place, judge

AT = datetime(2026, 10, 1, 3, tzinfo=UTC)
LAMONGAN = {
    "35": "Jawa Timur",
    "35.24": "Lamongan",
    "35.24.10": "Maduran",
    "35.24.10.2001": "Gumantuk",
    "35.24.10.2006": "Pangean",
    "35.24.10.2009": "Parengan",
    "35.24.10.2010": "Pangkatrejo",
    "35.24.11": "Sekaran",
    "35.24.11.2001": "Bugel",
    "35.24.11.2002": "Sungegeneng",
}


def places_of(names: dict[str, str]) -> list[Place]:
    text = "".join(f"{code},{name}\n" for code, name in names.items())
    reading = read_content(text.encode(), file_name="list.csv")
    places = judge(reading, partial=True)
    assert not reading.troubles, reading.troubles
    return places


def source_of_list(names: dict[str, str], name: str = "") -> Source:
    digest = sha256(repr(names).encode()).hexdigest()
    return Source(name or f"Edition {digest[:6]}", "list.csv", digest)


def load(names: dict[str, str], *, name: str = "", at: datetime = AT, by: User | None = None) -> Loaded:
    return load_places(places_of(names), source=source_of_list(names, name), at=at, by=by, accept_gone=True)


def check(names: dict[str, str], *, by: User | None = None, at: datetime = AT) -> RegionEdition:
    return check_list(places_of(names), source=source_of_list(names), at=at, by=by, accept_gone=True)


def diff(before: dict[str, str], after: dict[str, str], *, partial: bool = False) -> Diff:
    stored = {place.code: Stored(place.name, place.kind, str(place.zone), gone=False) for place in places_of(before)}
    return compare(stored, {place.code: place for place in places_of(after)}, partial=partial)


def without(names: dict[str, str], *codes: str) -> dict[str, str]:
    return {code: name for code, name in names.items() if code not in codes}


def moved(names: dict[str, str], **codes: str) -> dict[str, str]:
    """Give places other codes, and everything below them: `moved(LAMONGAN, **{"35.24.10": "35.24.28"})`."""
    told = {}
    for code, name in names.items():
        old = max((one for one in codes if code == one or code.startswith(f"{one}.")), key=len, default="")
        told[codes[old] + code[len(old) :] if old else code] = name
    return told
