"""A month of sessions as a page shows it: weeks of days, each session on the local day of its place. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from common.dates import local_date
from programs.models import Session

DAYS_OF_A_WEEK = 7
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Day:
    """One day and what is on it."""

    on: date
    other: bool  # belongs to the month before or after
    today: bool
    sessions: list[Session] = field(default_factory=list)


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

    def weeks(self, sessions: Iterable[Session], *, today: date) -> list[list[Day]]:
        """Lay the sessions on the days of five or six weeks, Monday first."""
        on = defaultdict(list)
        for session in sessions:
            on[local_date(session.starts_at, session.zone)].append(session)
        days: list[Day] = []
        day = self.monday
        while day < self.next.first or len(days) % DAYS_OF_A_WEEK:
            days.append(Day(on=day, other=day.month != self.first.month, today=day == today, sessions=on[day]))
            day += timedelta(days=1)
        return [days[start : start + DAYS_OF_A_WEEK] for start in range(0, len(days), DAYS_OF_A_WEEK)]
