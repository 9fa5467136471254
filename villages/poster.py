"""The sheet that hangs in the village: its QR code leads to the schedule, without names."""

from dataclasses import dataclass
from datetime import date

import segno
from django.db.models import Q
from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from accounts.states import Role
from villages.models import Village


@dataclass(frozen=True)
class Poster:
    """What is printed."""

    address: str  # as a browser wants it
    words: str  # as a person types it
    code: SafeString  # the QR code as SVG
    mentors: list[User]


def poster_of(village: Village, *, base_url: str, day: date) -> Poster:
    """Draw a village's sheet for a day, with the numbers of who mentors it then."""
    address = f"{base_url}/d/{village.code}"
    drawn = segno.make(address, error="m").svg_inline(
        border=4, omitsize=True, svgclass="qr", lineclass=None, dark="#000"
    )
    assigned = User.objects.filter(
        Q(assignments__ends_on__isnull=True) | Q(assignments__ends_on__gte=day),
        assignments__village=village,
        assignments__starts_on__lte=day,
        role=Role.MENTOR,
        is_active=True,
    )
    return Poster(
        address=address,
        words=address.partition("://")[2],
        code=mark_safe(drawn),  # noqa: S308  drawn by us from an address of ours
        mentors=list(assigned.distinct().order_by("name", "pk")),
    )
