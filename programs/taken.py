"""What one session takes: cohorts, trainers and a venue, each for its time."""

from collections.abc import Sequence
from dataclasses import dataclass

from programs.models import Cohort, Session, Trainer, Venue


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

    @property
    def zone(self) -> str:
        """Tell the time zone of the venue, else of the village."""
        return self.venue.zone if self.venue else self.cohorts[0].village.zone


def taken_by(session: Session) -> Taken:
    """Read what a session takes; 1 query."""
    along = ("cohort__village__region", "trainer", "venue__region")
    rows = list(session.bookings.select_related(*along).order_by("pk"))
    return Taken(
        cohorts=[row.cohort for row in rows if row.cohort],
        trainers=[row.trainer for row in rows if row.trainer],
        venue=next((row.venue for row in rows if row.venue), None),
    )
