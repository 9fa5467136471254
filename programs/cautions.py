"""What speaks against a time though nothing is taken twice: the calendar, the way between venues, the size of the room.

Read once for a window, then asked for many times without queries; pages, actions and the search for slots share it.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from almanac.reading import Almanac, Hit, almanac_for
from almanac.states import BlockKind
from common.dates import at_clock, local_date
from common.errors import Refused
from programs.models import Booking, Cohort, Enrollment, Program, Session
from programs.taken import Taken, taken_by

TRAVEL: Final = "travel"
CAPACITY: Final = "capacity"
KINDS: Final = {  # as the history names them: "despite market day"
    BlockKind.PUBLIC_HOLIDAY: gettext_lazy("public holiday"),
    BlockKind.JOINT_LEAVE: gettext_lazy("joint leave"),
    BlockKind.RAMADAN: gettext_lazy("Ramadan"),
    BlockKind.MARKET_DAY: gettext_lazy("market day"),
    BlockKind.PRODUCTION_PEAK: gettext_lazy("production peak"),
    BlockKind.VILLAGE_EVENT: gettext_lazy("village event"),
    TRAVEL: gettext_lazy("little time to travel"),
    CAPACITY: gettext_lazy("more people than places"),
}


@dataclass(frozen=True)
class Caution:
    """One thing that speaks against a time; when it blocks, no reason overrides it."""

    sentence: str
    blocks: bool
    kind: str
    block: int | None = None  # the key of the calendar block, where it is one


class Warned(Refused):
    """Something speaks against this time, and nobody said yet why it is done anyway."""

    def __init__(self, cautions: Sequence[Caution]) -> None:
        """Carry what was warned of, so that a page can list it and ask."""
        self.cautions = tuple(cautions)
        what = " · ".join(caution.sentence for caution in cautions)
        super().__init__(_("%(what)s Say why you plan it anyway.") % {"what": what})


@dataclass(frozen=True)
class Crowd:
    """How many take part, and how many fit."""

    people: int
    room: int
    place: str  # empty when it is the session's own capacity


@dataclass(frozen=True)
class Surroundings:
    """What a session meets in one window of time; asking is pure."""

    zone: str
    regions: Collection[str]
    almanac: Almanac
    elsewhere: Sequence[Booking]
    buffer: timedelta
    crowd: Crowd | None

    def cautions(self, starts_at: datetime, ends_at: datetime) -> list[Caution]:
        """List what speaks against [starts_at, ends_at); what blocks comes first."""
        hits = self.almanac.hits(starts_at, ends_at, zone=self.zone, regions=self.regions)
        return [
            *map(_by_calendar, hits),
            *self._travels(starts_at, ends_at),
            *([_over(self.crowd)] if self.crowd and self.crowd.people > self.crowd.room else []),
        ]

    def _travels(self, starts_at: datetime, ends_at: datetime) -> Iterator[Caution]:
        for booking in self.elsewhere:
            gap = max(starts_at - booking.ends_at, booking.starts_at - ends_at)
            if timedelta(0) <= gap < self.buffer:
                sentence = _on_the_way(booking, gap, self, before=booking.ends_at <= starts_at)
                yield Caution(sentence, blocks=False, kind=TRAVEL)


def surroundings(
    program: Program,
    taken: Taken,
    start: datetime,
    end: datetime,
    *,
    by: User | None = None,
    besides: Collection[Session] = (),
    capacity: int | None = None,
    almanac: Almanac | None = None,
) -> Surroundings:
    """Read what a session of [start, end) would meet, `besides` left out; at most 4 queries for a window of any length.

    Another program's session is named only when `by` may see it.
    """
    regions, zone = _regions(taken, start), taken.zone
    buffer = timedelta(minutes=program.travel_buffer)
    days = local_date(start, zone), local_date(end, zone)
    return Surroundings(
        zone=zone,
        regions=regions,
        almanac=almanac_for(*days, regions=regions) if almanac is None else almanac,
        elsewhere=_elsewhere(taken, start - buffer, end + buffer, by=by, besides=besides),
        buffer=buffer,
        crowd=_crowd(taken, capacity),
    )


def cautions(program: Program, taken: Taken, starts_at: datetime, ends_at: datetime, **given: Any) -> list[Caution]:
    """List what speaks against one time; `given` as for `surroundings`."""
    return surroundings(program, taken, starts_at, ends_at, **given).cautions(starts_at, ends_at)


def cautions_of(session: Session, *, by: User) -> list[Caution]:
    """List what speaks against a session as it stands."""
    given = {"by": by, "besides": [session], "capacity": session.capacity}
    return cautions(session.program, taken_by(session), session.starts_at, session.ends_at, **given)


def _regions(taken: Taken, at: datetime) -> frozenset[str]:
    """Collect the codes of the venue, of the villages' seats and of the desa that they cover by then."""
    paths = ("village__region_id", "village__coverage__region_id", "village__coverage__left_on")
    rows = Cohort.objects.filter(pk__in=[cohort.pk for cohort in taken.cohorts]).values_list(*paths)
    covered = {
        desa for _seat, desa, left_on in rows if desa and (left_on is None or left_on > local_date(at, taken.zone))
    }
    return frozenset({seat for seat, _desa, _left in rows} | covered | {venue.region_id for venue in taken.venues})


def _elsewhere(
    taken: Taken, start: datetime, end: datetime, *, by: User | None, besides: Collection[Session]
) -> list[Booking]:
    """Read where else the trainers are booked; one who is nowhere else needs no way."""
    if taken.venue is None or not taken.trainers:
        return []
    seen: Any = Session.objects.visible_to(by) if by else Session.objects.none()
    found = Booking.objects.during(start, end).filter(trainer__in=taken.trainers, session__venue__isnull=False)
    found = found.exclude(Q(session__venue=taken.venue) | Q(session__in=[row.pk for row in besides]))
    along = found.select_related("session__module", "session__venue", "trainer")
    return list(along.annotate(named=Exists(seen.filter(pk=OuterRef("session")))).order_by("starts_at", "pk"))


def _crowd(taken: Taken, capacity: int | None) -> Crowd | None:
    venue = taken.venue
    limits = [(capacity, ""), (venue.capacity if venue else None, venue.name if venue else "")]
    known = [(room, place) for room, place in limits if room is not None]
    if not known:
        return None
    room, place = min(known)
    people = Enrollment.objects.seated().filter(cohort__in=taken.cohorts).values("person").distinct().count()
    return Crowd(people, room, place)


def _by_calendar(hit: Hit) -> Caution:
    said = hit.sentence
    if hit.blocks:
        said = _("%(block)s: nothing is planned then. Choose another time.") % {"block": said}
    return Caution(said, hit.blocks, hit.block.kind, hit.block.pk)


def _over(crowd: Crowd) -> Caution:
    facts = {"people": crowd.people, "room": crowd.room, "place": crowd.place}
    if crowd.place:
        said = _("%(people)d people take part; %(place)s holds %(room)d.") % facts
    else:
        said = _("%(people)d people take part; this session has room for %(room)d.") % facts
    return Caution(said, blocks=False, kind=CAPACITY)


def _on_the_way(booking: Booking, gap: timedelta, around: Surroundings, *, before: bool) -> str:
    session = booking.session
    facts = {
        "trainer": booking.trainer,
        "title": session.title,
        "place": session.venue,
        "clock": at_clock(booking.ends_at if before else booking.starts_at, around.zone),
        "gap": gap // timedelta(minutes=1),
        "buffer": around.buffer // timedelta(minutes=1),
    }
    if not getattr(booking, "named", False):
        told = (
            _("%(trainer)s is elsewhere until %(clock)s.") if before else _("%(trainer)s is elsewhere from %(clock)s.")
        )
    elif before:
        told = _("%(trainer)s has “%(title)s” at %(place)s until %(clock)s.")
    else:
        told = _("%(trainer)s has “%(title)s” at %(place)s from %(clock)s.")
    way = _("%(gap)d minutes for the way, the program asks for %(buffer)d.")
    return f"{told % facts} {way % facts}"
