"""What an act on sessions means before it is done: who hears it on how many numbers, what else is there that day."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from accounts.models import User
from common.dates import local_moment
from programs.models import Booking, Session, Trainer, Venue
from programs.reach import Why, reaches_of
from programs.slots import bookings_of
from programs.taken import Taken
from villages.models import Person


@dataclass(frozen=True)
class Impact:
    """Everybody and everything that is concerned, each once."""

    people: Sequence[Person]
    numbers: int
    unreached: Sequence[tuple[Person, Why]]
    trainers: Sequence[Trainer]
    venues: Sequence[Venue]


def impact_of(sessions: Collection[Session], takens: Collection[Taken]) -> Impact:
    """Tell it for sessions that people hear of, and for what these take; 3 queries for any number."""
    reaches = reaches_of(sessions).values()
    recipients = [recipient for reach in reaches for recipient in reach.recipients]
    people = {person.pk: person for recipient in recipients for person in recipient.people}
    unreached = {person.pk: (person, why) for reach in reaches for person, why in reach.unreached}
    trainers = {one.pk: one for taken in takens for one in taken.trainers}
    venues = {one.pk: one for taken in takens for one in taken.venues}
    return Impact(
        people=sorted(people.values(), key=_by_name),
        numbers=len({recipient.contact_point.pk for recipient in recipients}),
        unreached=sorted(unreached.values(), key=lambda pair: _by_name(pair[0])),
        trainers=sorted(trainers.values(), key=_by_name),
        venues=sorted(venues.values(), key=_by_name),
    )


def others_on(day: date, taken: Taken, *, by: User, besides: Session) -> list[Booking]:
    """List what else trainers, venue and cohorts have that day, each session once; 1 query."""
    start = local_moment(day, time.min, taken.zone)
    found = bookings_of([taken], start, start + timedelta(days=1), by=by, besides=[besides])
    first: dict[int, Booking] = {}
    for booking in found:
        first.setdefault(booking.session_id, booking)
    return sorted(first.values(), key=_by_start)


def _by_name(row: Person | Trainer | Venue) -> tuple[str, int]:
    return row.name, row.pk


def _by_start(booking: Booking) -> tuple[datetime, int]:
    return booking.starts_at, booking.pk
