"""What the published calendar says of a year: holidays and joint leave, and Ramadan before each Idulfitri. Pure.

Taken from the `holidays` library, which follows the joint decree of three ministers and estimates what the moon has yet
to settle.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import version
from typing import Final

import holidays

from almanac.states import BlockKind

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100
SOURCE: Final = f"holidays {version('holidays')}"
CATEGORIES: Final = {"public": BlockKind.PUBLIC_HOLIDAY, "government": BlockKind.JOINT_LEAVE}
ESTIMATE: Final = " (perkiraan)"
EID: Final = "Hari Raya Idul Fitri"
LONGEST_RAMADAN: Final = timedelta(days=30)


@dataclass(frozen=True)
class Published:
    """One block of the published calendar; `origin` names it though its date moves."""

    origin: str
    name: str
    kind: BlockKind
    starts_on: date
    ends_on: date
    estimated: bool


def published(year: int) -> list[Published]:
    """List what is published of a year, by date; none of it is loaded anywhere."""
    days = [day for category in CATEGORIES for day in _days(year, category)]
    fasts = [_ramadan(day) for day in days if day.name == EID]
    return sorted([*days, *fasts], key=lambda one: (one.starts_on, one.origin))


def _days(year: int, category: str) -> list[Published]:
    listed = holidays.country_holidays("ID", years=year, categories=(category,), language="id")
    found, seen = [], Counter[str]()
    for day in sorted(listed):
        for said in listed.get_list(day):
            name = said.removesuffix(ESTIMATE)
            seen[name] += 1
            origin = f"{year}/{category}/{name}/{seen[name]}"
            found.append(Published(origin, name, CATEGORIES[category], day, day, estimated=said != name))
    return found


def _ramadan(eid: Published) -> Published:
    """Lay Ramadan before its Idulfitri: the longer month of thirty days, because the moon settles its first day."""
    name = f"Ramadan {hijri_year(eid.starts_on)} H"
    first, last = eid.starts_on - LONGEST_RAMADAN, eid.starts_on - timedelta(days=1)
    return Published(f"ramadan/{name}", name, BlockKind.RAMADAN, first, last, estimated=True)


def hijri_year(day: date) -> int:
    """Tell the Hijri year of a day well inside it, such as Idulfitri, the first of its tenth month.

    The mean lunar year has 354.36707 days; year 1 began on 19 July 622 of the proleptic Gregorian calendar.
    """
    return int((day - date(622, 7, 19)).days / 354.36707) + 1
