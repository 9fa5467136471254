"""Whom a villager may call: the mentors of their village today."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from common.dates import local_date
from common.phones import local_phone
from common.zones import Zone
from mentoring.models import Assignment


@dataclass(frozen=True)
class Mentor:
    """A member of staff as a villager calls them."""

    name: str
    phone: str

    @property
    def line(self) -> str:
        """Write name and number as people dial it."""
        return f"{self.name}, {local_phone(self.phone)}"


def mentors_of(villages: Collection[int], *, at: datetime) -> dict[int, list[Mentor]]:
    """Name, by village, those who mentor it today and have a number; one query."""
    current = Assignment.objects.current(local_date(at, Zone.WIB)).filter(village__in=villages, mentor__is_active=True)
    rows = current.exclude(mentor__phone__isnull=True).exclude(mentor__phone="").order_by("mentor__name", "mentor_id")
    found: dict[int, list[Mentor]] = {}
    for village, name, phone in rows.values_list("village_id", "mentor__name", "mentor__phone"):
        found.setdefault(village, []).append(Mentor(name, str(phone)))
    return found
