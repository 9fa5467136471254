"""What one session takes: cohorts, trainers and a venue, each for its time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from programs.models import Booking, Cohort, Session, Trainer, Venue


@dataclass(frozen=True)
class Taken:
    """What one session takes."""

    cohorts: Sequence[Cohort]
    trainers: Sequence[Trainer]
    venue: Venue | None

    @property
    def venues(self) -> list[Venue]:
        """List the one venue, or none."""
        return [self.venue] if self.venue else []

    def takes(self, booking: Booking) -> bool:
        """Tell whether a booking is of one of these."""
        return (
            any(booking.cohort_id == one.pk for one in self.cohorts)
            or any(booking.trainer_id == one.pk for one in self.trainers)
            or any(booking.venue_id == one.pk for one in self.venues)
        )

    def shared_with(self, other: "Taken") -> list[Cohort | Trainer | Venue]:
        """List what both take."""
        both: list[Cohort | Trainer | Venue] = [one for one in self.trainers if one in other.trainers]
        both += [one for one in self.venues if one in other.venues]
        return [*both, *(one for one in self.cohorts if one in other.cohorts)]

    @property
    def zone(self) -> str:
        """Tell the time zone of the venue, else of the village."""
        return self.venue.zone if self.venue else self.cohorts[0].village.zone


def taken_by(session: Session) -> Taken:
    """Read what a session takes; 1 query."""
    return taken_by_each([session])[session.pk]


def taken_by_each(sessions: Collection[Session]) -> dict[int, Taken]:
    """Read what each of these takes, by their keys; 1 query."""
    rows: dict[int, list[Booking]] = {session.pk: [] for session in sessions}
    along = ("cohort__village__region", "trainer", "venue__region")
    for row in Booking.objects.filter(session__in=rows).select_related(*along).order_by("pk"):
        rows[row.session_id].append(row)
    return {pk: _taken(booked) for pk, booked in rows.items()}


def _taken(rows: Sequence[Booking]) -> Taken:
    return Taken(
        cohorts=[row.cohort for row in rows if row.cohort],
        trainers=[row.trainer for row in rows if row.trainer],
        venue=next((row.venue for row in rows if row.venue), None),
    )
