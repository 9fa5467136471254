"""Judge the rows of a file as one whole: every code a known shape, once, below a parent; names as people say them."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext_noop

from common.zones import Zone, knows_province, zone_of
from villages.regions.rows import Reading, Row, Said
from villages.states import RegionKind, RegionLevel

LONGEST_NAME = 100
FIRST_CITY = 71
_CODE = re.compile(r"[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{4})?)?)?")
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]+)?")
_LOST = re.compile(r"\?|&\#?\w+;")  # what programs write for a letter that they do not know
_TITLE = re.compile(r"(Kabupaten|Kab\.|Kota)\s+(?:Administrasi\s+|Adm\.\s+)?(?=\S)", re.IGNORECASE)
_OF_VILLAGE = {"1": RegionKind.WARD, "2": RegionKind.VILLAGE, "3": RegionKind.CUSTOMARY}


class Place(NamedTuple):
    """One region, ready to be stored."""

    code: str
    name: str
    level: int
    kind: str
    parent: str  # empty for a province
    zone: str


def judge(reading: Reading, *, partial: bool = False, zones: Mapping[str, Zone | None] | None = None) -> list[Place]:
    """Turn rows into places; what is wrong joins the reading's troubles. A part may lean on what is stored.

    `zones` are those of provinces that are newer than this product, None where nobody can tell.
    """
    known = zones or {}
    lines: dict[str, int] = {}
    places = []
    for row in reading.rows:
        trouble = _trouble(row, lines, known)
        if trouble:
            reading.refuse(row.line, trouble)
        else:
            places.append(_place(row, known.get(row.code[:2])))
        lines.setdefault(row.code, row.line)
    if not partial:
        _refuse_orphans(reading, places, lines)
    if not reading.rows and not reading.troubles:
        reading.refuse(1, Said(gettext_noop("there is no row of a code and a name in this file")))
    reading.troubles.sort()
    return places


def _trouble(row: Row, lines: dict[str, int], zones: Mapping[str, Zone | None]) -> Said | None:
    """Say what is wrong with one row; nothing when it is sound."""
    if not _CODE.fullmatch(row.code):
        return _shape_trouble(row.code)
    if row.code in lines:
        return Said(
            gettext_noop("the code %(code)s stands on line %(line)d already"), code=row.code, line=lines[row.code]
        )
    if zones.get(row.code, Zone.WIB) is None:  # told once, at the province; its places are sound
        return Said(
            gettext_noop(
                "the province %(code)s %(name)s is new and its places come from nowhere known; say its time zone"
            ),
            code=row.code,
            name=row.name,
        )
    if not knows_province(row.code) and row.code[:2] not in zones:
        return Said(
            gettext_noop("the code %(code)s is unknown: no province is %(province)s"),
            code=row.code,
            province=row.code[:2],
        )
    return _level_trouble(row.code) or _name_trouble(row)


def _shape_trouble(code: str) -> Said:
    parts = code.split(".")
    if _NUMBER.fullmatch(code) and len(parts) == len("xx") and len(parts[0]) == len("35") and len(parts[1]) == 1:
        lost = gettext_noop(
            "the code %(code)s is a number that lost its last digit; %(meant)s is meant? Keep codes as text"
        )
        return Said(lost, code=code, meant=f"{code}0")
    if _NUMBER.fullmatch(code):
        return Said(
            gettext_noop("the code %(code)s is a number; a code is text with dots, such as 35.24.10.2009"), code=code
        )
    return Said(
        gettext_noop("the code %(code)s is unknown; a code looks like 35, 35.24, 35.24.10 or 35.24.10.2009"),
        code=repr(code),
    )


def _level_trouble(code: str) -> Said | None:
    parts = code.split(".")
    if "00" in parts[1:]:
        return Said(gettext_noop("the code %(code)s is unknown: no place has the number 00"), code=code)
    if len(parts) == RegionLevel.VILLAGE and parts[3][0] not in _OF_VILLAGE:
        return Said(
            gettext_noop(
                "the code %(code)s is unknown: a village's number begins with 1 (kelurahan), 2 (desa) or 3 (desa adat)"
            ),
            code=code,
        )
    return None


def _name_trouble(row: Row) -> Said | None:
    if not any(sign.isalpha() for sign in row.name):
        return Said(
            gettext_noop("the name of %(code)s is %(name)s; a name has letters"), code=row.code, name=repr(row.name)
        )
    if _is_garbled(row.name):
        return Said(
            gettext_noop("the name of %(code)s is garbled: %(name)s; save the file as UTF-8 from where it is whole"),
            code=row.code,
            name=row.name,
        )
    if len(row.name) > LONGEST_NAME or not row.name.isprintable():
        return Said(
            gettext_noop("the name of %(code)s is longer than %(most)d letters or has signs that cannot be printed"),
            code=row.code,
            most=LONGEST_NAME,
        )
    title = _TITLE.match(row.name)
    if title and _level(row.code) == RegionLevel.REGENCY and (title[1].lower() == "kota") != _is_city(row.code):
        return Said(
            gettext_noop("the code %(code)s and the name %(name)s disagree: numbers from 71 on are cities"),
            code=row.code,
            name=repr(row.name),
        )
    return None


def _is_garbled(name: str) -> bool:
    """Tell a name that lost letters, or whose UTF-8 was once read as something else."""
    if name.isascii():
        return bool(_LOST.search(name))
    try:
        return name.encode("cp1252").decode("utf-8") != name
    except UnicodeError:
        return "\ufffd" in name


def _refuse_orphans(reading: Reading, places: list[Place], lines: dict[str, int]) -> None:
    for place in places:
        if place.parent and place.parent not in lines:
            orphan = gettext_noop("%(code)s is an orphan: its parent %(parent)s is not in the file")
            reading.refuse(lines[place.code], Said(orphan, code=place.code, parent=place.parent))


def _place(row: Row, zone: Zone | None) -> Place:
    level = _level(row.code)
    name = " ".join(row.name.split())
    if level == RegionLevel.REGENCY:
        name = _TITLE.sub("", name, count=1)
    return Place(row.code, name, level, _kind(row.code, level), row.code.rpartition(".")[0], zone or zone_of(row.code))


def _level(code: str) -> int:
    return code.count(".") + 1


def _is_city(code: str) -> bool:
    return int(code[3:5]) >= FIRST_CITY


def _kind(code: str, level: int) -> str:
    match level:
        case RegionLevel.PROVINCE:
            return RegionKind.PROVINCE
        case RegionLevel.REGENCY:
            return RegionKind.CITY if _is_city(code) else RegionKind.REGENCY
        case RegionLevel.DISTRICT:
            return RegionKind.DISTRICT
        case _:
            return _OF_VILLAGE[code[9]]
