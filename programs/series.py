"""A series: the same hours on the same weekdays, as moments of the place. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common.dates import local_moment
from common.zones import tz

MOST: Final = 60  # sessions of one series
FARTHEST: Final = timedelta(days=731)


class Span(NamedTuple):
    """From when until when; half-open, so that back-to-back does not meet."""

    starts_at: datetime
    ends_at: datetime

    def meets(self, other: "Span") -> bool:
        """Tell whether both want some moment."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True)
class Series:
    """`Every Tuesday and Thursday 09.00-11.30, six times, from 5 January`; Monday is 1 (ISO 8601)."""

    first: date
    weekdays: frozenset[int]
    starts: time
    ends: time
    zone: str
    count: int | None = None
    until: date | None = None

    def spans(self) -> list[Span]:
        """Tell the moments in order, at most 60 within two years; a series without an end is a ValidationError."""
        self._check()
        spans = [self._span(day) for day in self._days()]
        if not spans:
            raise ValidationError(_("No day between these dates is one of these weekdays."), code="until")
        return spans

    def _check(self) -> None:
        if not self.weekdays:
            raise ValidationError(_("Choose at least one weekday."), code="weekdays")
        if self.ends <= self.starts:
            raise ValidationError(_("A session ends after it starts."), code="ends")
        if (self.count is None) == (self.until is None):
            raise ValidationError(_("Give the number of sessions or the last day, not both."), code="count")
        if self.count is not None and not 1 <= self.count <= MOST:
            raise _too_many()
        if self.until is not None and not self.first <= self.until <= self.first + FARTHEST:
            raise ValidationError(_("A series ends after its first day and within two years."), code="until")

    def _days(self) -> Iterator[date]:
        """Walk the days that are chosen; more than a series may have is a ValidationError."""
        found, day = 0, self.first
        while found != self.count and (self.until is None or day <= self.until):
            if day.isoweekday() in self.weekdays:
                found += 1
                if found > MOST:
                    raise _too_many()
                yield day
            day += timedelta(days=1)

    def _span(self, day: date) -> Span:
        return Span(local_moment(day, self.starts, self.zone), local_moment(day, self.ends, self.zone))


def shifted(span: Span, *, days: int, zone: str, clock: time | None = None) -> Span:
    """Tell where a session lands some days later by the calendar of its place, at its own hour or at another one."""
    start = span.starts_at.astimezone(tz(zone))
    starts_at = local_moment(start.date() + timedelta(days=days), clock or start.time(), zone)
    return Span(starts_at, starts_at + (span.ends_at - span.starts_at))


def _too_many() -> ValidationError:
    return ValidationError(_("A series has 1 to %(most)s sessions.") % {"most": MOST}, code="count")
