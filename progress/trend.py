"""What was delivered month by month, as three rows of bars and as a table.

Lengths along the row are percents of its width, so one drawing serves a phone and a desk; heights are pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _

from common.dates import month_name, short_month
from common.numbers import number
from programs.states import ModuleCode
from progress.measures import MonthCount, count_months
from progress.period import FIRST_DAY, Period

MONTHS: Final = 12
MOST_MONTHS: Final = 24
FEW: Final = 6  # months that all have their word; of more, every third, of many, every sixth
HEAD, TALL, FOOT = 20, 56, 12
GAP: Final = 0.25  # of a bar's pitch


@dataclass(frozen=True)
class Bar:
    """One month of one series."""

    left: str
    top: int
    height: int
    title: str


@dataclass(frozen=True)
class Series:
    """One row of bars; its words stand above them."""

    name: str
    top: int
    base: int
    total: str
    bars: list[Bar]


@dataclass(frozen=True)
class Mark:
    """The name of a month below its bars."""

    centre: str
    word: str


@dataclass(frozen=True)
class Trend:
    """The whole drawing, and the numbers it draws."""

    height: int
    width: str
    words_at: int
    series: list[Series]
    marks: list[Mark]
    months: list[tuple[str, MonthCount]]
    total: MonthCount

    @property
    def empty(self) -> bool:
        """Tell whether nothing happened in any of the months."""
        return not (self.total.minutes or self.total.visits or self.total.claims)


def trend_of(
    cohorts: Sequence[int], *, period: Period, at: datetime, modules: Sequence[str] = tuple(ModuleCode)
) -> Trend:
    """Read and draw the months of a period that have begun: its last 24, or the last 12 when it has no beginning."""
    shown = months_of(period, at)
    found = {each.month: each for each in count_months(cohorts, period=_inside(shown, period), modules=modules)}
    counts = [found.get(month, MonthCount(month, 0, 0, 0)) for month in shown]
    total = MonthCount(shown[-1], *(sum(column) for column in list(zip(*counts, strict=True))[1:]))
    pitch = 100 / len(shown)
    rows = [
        (_("Training held, minutes"), [each.minutes for each in counts]),
        (_("Approved visits"), [each.visits for each in counts]),
        (_("Paid claims"), [each.claims for each in counts]),
    ]
    names = [month_title(month) for month in shown]
    series = [_series(name, values, names, index) for index, (name, values) in enumerate(rows)]
    bottom = len(rows) * (HEAD + TALL + FOOT)
    return Trend(
        height=bottom + FOOT,
        width=_percent(pitch * (1 - GAP)),
        words_at=bottom + 4,
        series=series,
        marks=_marks(shown),
        months=list(zip(names, counts, strict=True)),
        total=total,
    )


def months_of(period: Period, at: datetime) -> list[date]:
    """List the first days of the months to show, in order."""
    count = MOST_MONTHS if period.first > FIRST_DAY else MONTHS
    wanted = [_back(period.day_of(at), steps) for steps in range(count)]
    kept = [month for month in wanted if month >= period.first.replace(day=1)]
    return list(reversed(kept)) or [period.first.replace(day=1)]


def month_title(month: date) -> str:
    """Write `Oktober 2026`."""
    return f"{month_name(month.month)} {month.year}"


def _inside(months: Sequence[date], period: Period) -> Period:
    """Cut a period down to the months that are shown."""
    end = Period.month(months[-1].year, months[-1].month, period.zone).last
    return Period(max(months[0], period.first), min(end, period.last), period.zone)


def _back(month: date, steps: int) -> date:
    index = month.year * 12 + month.month - 1 - steps
    return date(index // 12, index % 12 + 1, 1)


def _series(name: str, values: Sequence[int], months: Sequence[str], index: int) -> Series:
    pitch, top = 100 / len(values), index * (HEAD + TALL + FOOT)
    highest, base = max(values), top + HEAD + TALL
    bars = []
    for place, (value, month) in enumerate(zip(values, months, strict=True)):
        height = max(2, round(TALL * value / highest)) if value else 0
        left = _percent(pitch * (place + GAP / 2))
        bars.append(Bar(left, base - height, height, f"{month}: {name} {number(value)}"))
    return Series(name, top + 14, base, number(sum(values)), bars)


def _marks(months: Sequence[date]) -> list[Mark]:
    pitch, step = 100 / len(months), 1 if len(months) <= FEW else 3 if len(months) <= MONTHS else 6
    places = [place for place in range(len(months)) if (len(months) - 1 - place) % step == 0]
    return [Mark(_percent(pitch * (place + 0.5)), _short(months[place])) for place in places]


def _short(month: date) -> str:
    return f"{short_month(month.month)} {month.year % 100:02}"


def _percent(share: float) -> str:
    return f"{share:.2f}%"
