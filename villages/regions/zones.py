"""The time zone of a province newer than this product: as somebody says, as stored, or as where it came from."""

from collections import Counter
from collections.abc import Iterable, Mapping

from common.zones import Zone, knows_province
from villages.models import Region
from villages.regions.rows import Reading, Row
from villages.regions.tracing import words_of
from villages.states import RegionLevel

_TITLES = frozenset({"kabupaten", "kab", "kota", "administrasi", "adm"})
Name = tuple[str, ...]


def zones_of_new(reading: Reading, *, said: Zone | None = None) -> Mapping[str, Zone | None]:
    """Tell the zone of each province that only this file, or the stored list, knows; None where nobody can tell."""
    rows = [row for row in reading.rows if not knows_province(row.code)]
    if not rows:
        return {}
    stored = dict(Region.objects.filter(level=RegionLevel.PROVINCE).values_list("code", "zone"))
    listed = {row.code for row in rows if row.code.isdecimal() and len(row.code) == len("97")}
    fresh = listed - (set() if said else stored.keys())
    homes = {} if said or not fresh else _homes()
    zones: dict[str, Zone | None] = {code: Zone(zone) for code, zone in stored.items() if not knows_province(code)}
    return zones | {code: said or _zone_of_origin(code, rows, homes) for code in sorted(fresh)}


def _zone_of_origin(province: str, rows: Iterable[Row], homes: Mapping[Name, set[str]]) -> Zone | None:
    """Ask most of its regencies, by the names that they bore before; one that bore it in two zones says nothing."""
    own = [row for row in rows if row.code.startswith(f"{province}.") and row.code.count(".") == 1]
    told = Counter(zone for row in own for zone in _only(homes.get(_bare(row.name), set())))
    if not told:
        return None
    (zone, count), *others = told.most_common()
    return Zone(zone) if not others and count * 2 > len(own) else None


def _homes() -> dict[Name, set[str]]:
    """Read the zones of every stored regency and city by its name."""
    homes: dict[Name, set[str]] = {}
    for name, zone in Region.objects.filter(level=RegionLevel.REGENCY).values_list("name", "zone"):
        homes.setdefault(words_of(name), set()).add(zone)
    return homes


def _only(zones: set[str]) -> set[str]:
    return zones if len(zones) == 1 else set()


def _bare(name: str) -> Name:
    """Leave the titles out that a regency bears in files and not in the list."""
    words = words_of(name)
    while words[1:] and words[0] in _TITLES:
        words = words[1:]
    return words
