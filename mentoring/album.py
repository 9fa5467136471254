"""The photos of a visit as its page shows them: those that are here, and how many are not yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.db.models import Prefetch, Q

from accounts.models import User
from mentoring.models import HeldVersion, Photo, Visit


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
        return cls.among(visit.photos.all())

    @classmethod
    def of_held(cls, held: HeldVersion, reader: User) -> Self:
        """Read the photos that a version names, or that came under its key from the same phone; 1 query."""
        named = [photo["id"] for photo in held.content.get("photos", ())]
        came = Q(visit=None, visit_key=held.key, by=held.sent_by_id)
        seen = Photo.objects.visible_to(reader).standing().filter(Q(pk__in=named) | came)
        return cls.among(seen.order_by("position", "pk"))

    @classmethod
    def among(cls, rows: Iterable[Photo]) -> Self:
        """Part these photos into those that are here and those that are not."""
        photos = list(rows)
        waiting = [photo for photo in photos if not photo.arrived]
        lapses = [photo.lapsed_at for photo in waiting if photo.lapsed_at]
        return cls([photo for photo in photos if photo.arrived], len(waiting), max(lapses, default=None))


def album() -> Any:
    """Read the photos along, in their places; what was taken out is left out."""
    return Prefetch("photos", Photo.objects.standing().order_by("position", "pk"))
