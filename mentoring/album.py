"""The photos of a visit as its page shows them: those that are here, and how many are not yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.db.models import Prefetch

from mentoring.models import Photo, Visit


@dataclass(frozen=True)
class Album:
    """What is here, in its order; how many are still on a phone, and since when their parts are gone."""

    arrived: list[Photo]
    awaited: int
    lapsed_at: datetime | None

    @property
    def total(self) -> int:
        """Count them all."""
        return len(self.arrived) + self.awaited

    @classmethod
    def of(cls, visit: Visit) -> Self:
        """Read the photos of a visit that was read with `album()`."""
        photos = list(visit.photos.all())
        waiting = [photo for photo in photos if not photo.arrived]
        lapses = [photo.lapsed_at for photo in waiting if photo.lapsed_at]
        return cls([photo for photo in photos if photo.arrived], len(waiting), max(lapses, default=None))


def album() -> Any:
    """Read the photos along, in their places; what was taken out is left out."""
    return Prefetch("photos", Photo.objects.standing().order_by("position", "pk"))
