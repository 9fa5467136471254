"""What is free for trainers, venue and cohorts together, and what stands in the way of a time.

Read once for a window of any length, then asked many times without queries. Free is what takes nothing twice, on the
half-hours of the working day of the place: 08.00-17.00, on Fridays not over the prayer from 11.30 to 13.00.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from operator import attrgetter
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.models import User
from almanac.reading import RAMADAN_HOURS, almanac_for
from almanac.states import BlockKind
from common.dates import clock_range, local_date, local_moment, long_date
from common.zones import Zone, tz
from programs.cautions import CAPACITY, Caution, Surroundings, surroundings
from programs.models import Booking, Cohort, Program, Session, Trainer, Venue
from programs.series import Span
from programs.taken import Taken

OPENS, CLOSES = time(8), time(17)
PRAYER: Final = (time(11, 30), time(13))
FRIDAY: Final = 4
STEP: Final = timedelta(minutes=30)
WINDOW: Final = timedelta(days=92)  # the longest search
AHEAD: Final = timedelta(days=21)  # how far another time is proposed
SHORTEST, LONGEST = 15, 9 * 60  # minutes


@dataclass(frozen=True)
class Slot:
    """A time at which everything is free, with what is warned of."""

    span: Span
    warnings: tuple[str, ...] = ()
    weight: int = 0  # how many of these another time would help


@dataclass(frozen=True)
class Look:
    """One wanted time: what takes something of it already, and what speaks against it."""

    span: Span
    clashes: tuple[str, ...] = ()
    cautions: tuple[Caution, ...] = ()
    weight: int = 0  # how many of the cautions another time would help

    @property
    def impossible(self) -> bool:
        """Tell whether no reason helps."""
        return bool(self.clashes) or any(caution.blocks for caution in self.cautions)

    @property
    def warned(self) -> bool:
        """Tell whether a reason is asked for."""
        return bool(self.cautions) and not self.impossible

    @property
    def avoidable(self) -> bool:
        """Tell whether another time would be better."""
        return self.impossible or self.weight > 0

    @property
    def sentences(self) -> list[str]:
        """Say all of it, what cannot be helped first."""
        return [*self.clashes, *(caution.sentence for caution in self.cautions)]


@dataclass(frozen=True)
class Line:
    """One wanted time of several, and the nearest free one where that is better."""

    look: Look
    slot: Slot | None = None


@dataclass(frozen=True)
class Diary:
    """The diaries of trainers, venue and cohorts side by side; asking is pure."""

    window: Span  # what was read; beyond it nothing is known
    zone: str
    bookings: Sequence[Booking]
    around: Surroundings

    def look(self, span: Span) -> Look:
        """Look at one time."""
        met = {booking.session_id: booking for booking in reversed(self.bookings) if span.meets(_span(booking))}
        clashes = tuple(clash_sentence(booking) for booking in sorted(met.values(), key=_order))
        cautions = tuple(self.around.cautions(*span))
        return Look(span, clashes, cautions, self._weight(cautions, span))

    def free(self, spans: Iterator[Span]) -> Iterator[Slot]:
        """Keep the times at which nothing is taken and nothing is blocked, with what is warned of."""
        busy = _merged(_span(booking) for booking in self.bookings)
        for span in spans:
            if not _is_busy(busy, span):
                cautions = self.around.cautions(*span)
                if not any(caution.blocks for caution in cautions):
                    yield Slot(span, tuple(caution.sentence for caution in cautions), self._weight(cautions, span))

    def nearest(self, span: Span, *, after: datetime, besides: Collection[Span] = (), most: int = 1) -> list[Slot]:
        """Propose better times: that day first, the nearest hour first; what is warned of only for want."""
        length, first = span.ends_at - span.starts_at, local_date(max(span.starts_at, after), self.zone)
        known = (one for one in working_hours(first, first + AHEAD, length, self.zone) if self._known(one, after))
        wanted = sorted(known, key=lambda other: _distance(span, other, self.zone))
        look, found = self.look(span), list[Slot]()
        for slot in self.free(one for one in wanted if not any(one.meets(taken) for taken in besides)):
            if look.impossible or slot.weight < look.weight:
                found.append(slot)
            if sum(slot.weight == 0 for slot in found) == most:
                break
        return sorted(found, key=attrgetter("weight"))[:most]

    def _weight(self, cautions: Collection[Caution], span: Span) -> int:
        return sum(not self._borne(caution, span) for caution in cautions)

    def _borne(self, caution: Caution, span: Span) -> bool:
        """Tell whether no other hour would help: a full room is as full at any, and Ramadan has its best ones."""
        if caution.kind == BlockKind.RAMADAN:
            first, last = RAMADAN_HOURS
            start, end = (moment.astimezone(tz(self.zone)) for moment in span)
            return first <= start.time() and end.time() <= last and start.date() == end.date()
        return caution.kind == CAPACITY

    def _known(self, span: Span, after: datetime) -> bool:
        return max(after, self.window.starts_at) <= span.starts_at and span.ends_at <= self.window.ends_at

    def lines(self, spans: Sequence[Span], *, after: datetime) -> list[Line]:
        """Look at many times of one series; proposals keep clear of the series and of each other."""
        kept, lines = list(spans), []
        for look in map(self.look, spans):
            slots = self.nearest(look.span, after=after, besides=kept) if look.avoidable else []
            kept += [slot.span for slot in slots]
            lines.append(Line(look, slots[0] if slots else None))
        return lines


def diary_of(
    program: Program,
    taken: Taken,
    start: datetime,
    end: datetime,
    *,
    by: User,
    besides: Collection[Session] = (),
    capacity: int | None = None,
) -> Diary:
    """Read what these have and meet from start to end, `besides` left out; at most 5 queries for any window."""
    around = surroundings(program, taken, start, end, by=by, besides=besides, capacity=capacity)
    return Diary(Span(start, end), taken.zone, bookings_of([taken], start, end, by=by, besides=besides), around)


def shared_diary(
    *,
    cohorts: Sequence[Cohort],
    trainers: Sequence[Trainer],
    venues: Sequence[Venue],
    start: datetime,
    end: datetime,
    by: User,
) -> Diary:
    """Read it for any of these together, also for trainers alone, in their own hours of western Indonesia."""
    takens = [Taken(cohorts, trainers, venue) for venue in venues] or [Taken(cohorts, trainers, None)]
    program = cohorts[0].program if cohorts else Program()
    if cohorts or venues:
        around = surroundings(program, takens[0], start, end, by=by)
    else:
        days = (local_date(moment, Zone.WIB) for moment in (start, end))
        around = Surroundings(Zone.WIB, frozenset(), almanac_for(*days, regions=()), (), timedelta(0), None)
    return Diary(Span(start, end), around.zone, bookings_of(takens, start, end, by=by), around)


def ahead_of(spans: Sequence[Span], zone: str) -> Span:
    """Tell the window in which other times are looked for: from the first day on, some weeks past the last."""
    first, last = min(spans), max(spans)
    start = local_moment(local_date(first.starts_at, zone), time.min, zone)
    return Span(start, last.ends_at + AHEAD + timedelta(days=1))


def bookings_of(
    takens: Collection[Taken], start: datetime, end: datetime, *, by: User, besides: Collection[Session] = ()
) -> list[Booking]:
    """Read when any of these is taken; each booking knows whether its session may be named to this user; 1 query."""
    wanted = Q(trainer__in=[one.pk for taken in takens for one in taken.trainers])
    wanted |= Q(venue__in=[one.pk for taken in takens for one in taken.venues])
    wanted |= Q(cohort__in=[one.pk for taken in takens for one in taken.cohorts])
    found = Booking.objects.during(start, end).filter(wanted).exclude(session__in=[row.pk for row in besides])
    along = found.select_related("session__module", "session__venue", "trainer", "venue", "cohort")
    seen: Any = Session.objects.visible_to(by)
    return list(along.annotate(named=Exists(seen.filter(pk=OuterRef("session")))).order_by("starts_at", "pk"))


def clash_sentence(other: Booking) -> str:
    """Name what is taken and by which session, if that may be named."""
    session, name = other.session, str(other.trainer or other.venue or other.cohort)
    if not getattr(other, "named", False):
        return _("%(name)s is already taken at that time by another program.") % {"name": name}
    facts = {
        "name": name,
        "title": session.title,
        "day": long_date(local_date(session.starts_at, session.zone)),
        "hours": clock_range(session.starts_at, session.ends_at, session.zone),
        "place": session.venue or session.get_mode_display(),
    }
    return _("%(name)s already has “%(title)s” on %(day)s, %(hours)s, %(place)s.") % facts


def free_slots(diary: Diary, *, start: datetime, end: datetime, minutes: int) -> list[Slot]:
    """List all free times of this length within [start, end), by time; more than 92 days are a ValidationError."""
    check_window(start, end, minutes)
    days = local_date(start, diary.zone), local_date(end, diary.zone)
    spans = working_hours(*days, timedelta(minutes=minutes), diary.zone)
    return list(diary.free(span for span in spans if start <= span.starts_at and span.ends_at <= end))


def check_window(start: datetime, end: datetime, minutes: int) -> None:
    """Refuse a search that nobody means."""
    if end <= start:
        raise ValidationError({"to": [_("The search ends after it starts.")]})
    if end - start > WINDOW:
        raise ValidationError({"to": [_("Search at most 92 days at a time.")]})
    if not SHORTEST <= minutes <= LONGEST:
        raise ValidationError({"minutes": [_("Between 15 and 540 minutes: a session fits between 08.00 and 17.00.")]})


def working_hours(first: date, last: date, length: timedelta, zone: str) -> Iterator[Span]:
    """Walk the half-hours at which something of this length fits into a working day, from first to last."""
    day = first
    while day <= last:
        opens, closes = (local_moment(day, hour, zone) for hour in (OPENS, CLOSES))
        prayer = Span(*(local_moment(day, hour, zone) for hour in PRAYER))
        while opens + length <= closes:
            span = Span(opens, opens + length)
            if day.weekday() != FRIDAY or not span.meets(prayer):
                yield span
            opens += STEP
        day += timedelta(days=1)


def _distance(span: Span, other: Span, zone: str) -> tuple[timedelta, timedelta, datetime]:
    """Measure as a planner does: the day counts first, then the hour of the day."""
    here, there = (moment.astimezone(tz(zone)) for moment in (span.starts_at, other.starts_at))
    days = there.date() - here.date()
    return days, abs(there - here - days), other.starts_at


def _span(booking: Booking) -> Span:
    return Span(booking.starts_at, booking.ends_at)


def _order(booking: Booking) -> tuple[datetime, int]:
    return booking.starts_at, booking.pk


def _merged(spans: Iterator[Span]) -> list[Span]:
    """Join spans, given in order of their start, to spans that are apart."""
    apart: list[Span] = []
    for span in spans:
        if apart and span.starts_at <= apart[-1].ends_at:
            apart[-1] = Span(apart[-1].starts_at, max(apart[-1].ends_at, span.ends_at))
        else:
            apart.append(span)
    return apart


def _is_busy(busy: Sequence[Span], span: Span) -> bool:
    """Tell whether a span meets one of those that are apart and in order."""
    place = bisect_left(busy, span.ends_at, key=lambda one: one.starts_at)
    return place > 0 and busy[place - 1].ends_at > span.starts_at
