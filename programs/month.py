"""A month of sessions as a page shows it: weeks of days, each session on the local day of its place. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from almanac.reading import Almanac, Hit
from common.dates import local_date
from programs.models import Session

DAYS_OF_A_WEEK = 7
FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_NAMES = 3
NOTHING_KEPT = Almanac()


@dataclass(frozen=True)
class Day:
    """One day and what is on it."""

    on: date
    other: bool  # belongs to the month before or after
    today: bool
    sessions: list[Session] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)

    @property
    def tint(self) -> str:
        """Name the colour of the day: one of rest before one that is kept nearly free, and that before a season."""
        if any(hit.is_rest for hit in self.hits):
            return "holiday"
        if all(hit.is_season for hit in self.hits):
            return "season" if self.hits else ""
        return "kept"

    @property
    def names(self) -> list[Hit]:
        """List what a cell of the grid names: a season on its first day and on Mondays only."""
        first = self.on.weekday() == 0
        return [hit for hit in self.hits if not hit.is_season or first or self.on == hit.block.starts_on]

    @property
    def more(self) -> int:
        """Count the names that do not fit in a cell."""
        return max(len(self.names) - MOST_NAMES, 0)

    @property
    def told(self) -> bool:
        """Tell whether the day is worth a line: something is on it, or people rest or feast."""
        return bool(self.sessions) or any(hit.is_one_day for hit in self.hits)


@dataclass(frozen=True)
class Month:
    """The first day of a month, and the way through it."""

    first: date

    @classmethod
    def read(cls, text: str, today: date) -> "Month":
        """Read `2026-10`; anything else is the month of today."""
        year, _, month = text.partition("-")
        if year.isdecimal() and month.isdecimal() and FIRST_YEAR <= int(year) <= LAST_YEAR and 1 <= int(month) <= 12:  # noqa: PLR2004
            return cls(date(int(year), int(month), 1))
        return cls(today.replace(day=1))

    def __str__(self) -> str:
        """Write `2026-10`."""
        return f"{self.first:%Y-%m}"

    @property
    def previous(self) -> "Month":
        """The month before."""
        return Month((self.first - timedelta(days=1)).replace(day=1))

    @property
    def next(self) -> "Month":
        """The month after."""
        return Month((self.first + timedelta(days=32)).replace(day=1))

    @property
    def monday(self) -> date:
        """The Monday on or before the first."""
        return self.first - timedelta(days=self.first.weekday())

    @property
    def span(self) -> tuple[datetime, datetime]:
        """All moments that fall on a day of the grid somewhere in Indonesia, with a day to spare at both ends."""
        start = datetime.combine(self.monday - timedelta(days=1), time.min, tzinfo=UTC)
        return start, start + timedelta(days=44)

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day of the grid, both whole weeks."""
        last = self.next.first - timedelta(days=1)
        return self.monday, last + timedelta(days=DAYS_OF_A_WEEK - last.isoweekday())

    def weeks(self, sessions: Iterable[Session], *, today: date, almanac: Almanac = NOTHING_KEPT) -> list[list[Day]]:
        """Lay the sessions on the days of five or six weeks, Monday first."""
        on = defaultdict(list)
        for session in sessions:
            on[local_date(session.starts_at, session.zone)].append(session)
        days: list[Day] = []
        day = self.monday
        while day < self.next.first or len(days) % DAYS_OF_A_WEEK:
            other, hits = day.month != self.first.month, almanac.on(day)
            days.append(Day(on=day, other=other, today=day == today, sessions=on[day], hits=hits))
            day += timedelta(days=1)
        return [days[start : start + DAYS_OF_A_WEEK] for start in range(0, len(days), DAYS_OF_A_WEEK)]
