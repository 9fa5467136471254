"""Which blocks of the calendar a time falls into: read once for a window and many regions, then asked without queries.

Days and hours of a block are those of the place: a session is looked at in its own zone.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils.translation import gettext as _

from almanac.models import CalendarBlock
from almanac.states import BlockKind, Pasaran, Recurrence
from common.dates import clock, weekday
from common.zones import tz
from villages.querysets import lineage

A_DAY: Final = timedelta(days=1)
LEGI: Final = date(1945, 8, 17)
MARKET_WEEK: Final = tuple(Pasaran)
REST: Final = (BlockKind.PUBLIC_HOLIDAY, BlockKind.JOINT_LEAVE)
RAMADAN_HOURS: Final = (time(9), time(11, 30))


def pasaran_of(day: date) -> Pasaran:
    """Tell the day of the Javanese market week, which runs on in fives without a leap.

    Counted from Friday Legi, 17 August 1945, the day of the proclamation ("Jumat Legi" in its accounts).
    """
    return MARKET_WEEK[(day - LEGI).days % len(MARKET_WEEK)]


@dataclass(frozen=True)
class Hit:
    """One block, and the first day on which a time falls into it."""

    block: CalendarBlock
    on: date

    @property
    def blocks(self) -> bool:
        """Tell whether no reason overrides it."""
        return self.block.is_absolute

    @property
    def is_rest(self) -> bool:
        """Tell whether people rest, or nothing may be planned."""
        return self.blocks or self.block.kind in REST

    @property
    def is_one_day(self) -> bool:
        """Tell whether the block is one day of its own, not a season or a day that recurs."""
        return self.block.recurrence == Recurrence.NONE and self.block.starts_on == self.block.ends_on

    @property
    def is_season(self) -> bool:
        """Tell whether the block goes on for days."""
        return self.block.recurrence == Recurrence.NONE and self.block.starts_on != self.block.ends_on

    @property
    def name(self) -> str:
        """Name the block, and say when its date is an estimate."""
        return _("%(name)s (estimate)") % {"name": self.block.name} if self.block.estimated else self.block.name

    @property
    def sentence(self) -> str:
        """Say it to people: `Kamis Pon: Hari pasar 05.00–10.00`."""
        block, said = self.block, self.name
        if block.hours:
            said = f"{said} {block.hours}"
        if block.recurrence != Recurrence.NONE:
            said = f"{_day_name(block, self.on)}: {said}"
        if block.kind == BlockKind.RAMADAN:
            said = _("%(name)s: better from %(start)s to %(end)s") % _ramadan(said)
        return said


def _ramadan(said: str) -> dict[str, str]:
    start, end = RAMADAN_HOURS
    return {"name": said, "start": clock(start), "end": clock(end)}


def _day_name(block: CalendarBlock, day: date) -> str:
    return f"{weekday(day)} {pasaran_of(day).label}" if block.pasaran else weekday(day)


@dataclass(frozen=True)
class Almanac:
    """The blocks of one window; asking is pure."""

    blocks: Sequence[CalendarBlock] = ()

    def hits(
        self, starts_at: datetime, ends_at: datetime, *, zone: str, regions: Collection[str] | None = None
    ) -> list[Hit]:
        """List what [starts_at, ends_at) falls into at the place; what blocks comes first.

        Without `regions` every block of the window counts, with them only those that hold in one of these.
        """
        start, end = (moment.astimezone(tz(zone)).replace(tzinfo=None) for moment in (starts_at, ends_at))
        found = (Hit(block, day) for block in self._of(regions) if (day := _first_day(block, start, end)))
        return sorted((hit for hit in found if not _suits(hit.block, start, end)), key=_order)

    def on(self, day: date, *, regions: Collection[str] | None = None) -> list[Hit]:
        """List what holds on some hour of a day; what blocks comes first."""
        return sorted((Hit(block, day) for block in self._of(regions) if _holds(block, day)), key=_order)

    def _of(self, regions: Collection[str] | None) -> Iterator[CalendarBlock]:
        above = None if regions is None else {part for code in regions for part in lineage(code)}
        for block in self.blocks:
            if above is None or block.region_id is None or block.region_id in above:
                yield block


def almanac_for(start: date, end: date, *, regions: Collection[str]) -> Almanac:
    """Read the blocks that may hold from start to end, both included, in these regions (codes); 1 query."""
    found = CalendarBlock.objects.within(start, end).holding_in(regions).select_related("region")
    return Almanac(list(found.order_by("starts_on", "pk")))


def _holds(block: CalendarBlock, day: date) -> bool:
    """Tell whether a block holds on a day."""
    if day < block.starts_on or (block.ends_on and day > block.ends_on):
        return False
    if block.recurrence == Recurrence.WEEKLY:
        return day.isoweekday() == block.weekday
    return block.recurrence == Recurrence.NONE or pasaran_of(day) == block.pasaran


def _first_day(block: CalendarBlock, start: datetime, end: datetime) -> date | None:
    """Find the first local day on which a local time falls into a block."""
    day = start.date()
    while day <= end.date():
        opens, shuts = _hours(block, day)
        if start < shuts and end > opens and _holds(block, day):
            return day
        day += A_DAY
    return None


def _suits(block: CalendarBlock, start: datetime, end: datetime) -> bool:
    """Tell whether a time of Ramadan is one of the hours that suit who fasts."""
    opens, shuts = RAMADAN_HOURS
    same_day = start.date() == end.date()
    return (
        block.kind == BlockKind.RAMADAN
        and not block.is_absolute
        and same_day
        and opens <= start.time() <= end.time() <= shuts
    )


def _hours(block: CalendarBlock, day: date) -> tuple[datetime, datetime]:
    midnight = datetime.combine(day, time.min)
    if block.from_time is None or block.until_time is None:
        return midnight, midnight + A_DAY
    return datetime.combine(day, block.from_time), datetime.combine(day, block.until_time)


def _order(hit: Hit) -> tuple[bool, date, int]:
    return not hit.blocks, hit.on, hit.block.pk
