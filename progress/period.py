"""A period of whole days at one place: what every figure that has a time is asked for."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Self

from common.dates import local_date, local_moment
from common.zones import Zone

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)


@dataclass(frozen=True)
class Period:
    """From the first day until the last, both whole, by the clock of one zone."""

    first: date
    last: date
    zone: str = Zone.WIB

    @classmethod
    def month(cls, year: int, month: int, zone: str = Zone.WIB) -> Self:
        """Take one month of the calendar."""
        return cls(date(year, month, 1), date(year, month, monthrange(year, month)[1]), zone)

    @classmethod
    def between(cls, first: date | None, last: date | None) -> Self:
        """Take what lies between two days; a side that is not said is open."""
        return cls(max(first or FIRST_DAY, FIRST_DAY), min(last or LAST_DAY, LAST_DAY))

    @property
    def start(self) -> datetime:
        """The moment at which the first day begins."""
        return local_moment(self.first, time.min, self.zone)

    @property
    def end(self) -> datetime:
        """The moment at which the last day is over; it no longer belongs to the period."""
        return local_moment(self.last + timedelta(days=1), time.min, self.zone)

    @property
    def opens_on(self) -> date | None:
        """The first day; nothing when that side is open."""
        return self.first if self.first > FIRST_DAY else None

    @property
    def closes_on(self) -> date | None:
        """The last day; nothing when that side is open."""
        return self.last if self.last < LAST_DAY else None

    @property
    def address(self) -> dict[str, str]:
        """Write it as an address asks for it: `from` and `to`, a side that is open left out."""
        return {name: day.isoformat() for name, day in (("from", self.opens_on), ("to", self.closes_on)) if day}

    def contains(self, moment: datetime) -> bool:
        """Tell whether a moment lies in it."""
        return self.start <= moment < self.end

    def until(self, at: datetime) -> datetime:
        """Tell the first moment that is not looked at: the end, and before it the one after `at`, which counts."""
        return min(at + timedelta.resolution, self.end)

    def day_of(self, moment: datetime) -> date:
        """Tell the last day of the period that has begun by a moment; what is still open is asked for that day."""
        return min(local_date(moment, self.zone), self.last)


ALWAYS: Final = Period(FIRST_DAY, LAST_DAY)
