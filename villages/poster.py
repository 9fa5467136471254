"""The sheet that hangs in the village: its QR code leads to the schedule, without names."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

import segno
from django.db.models import Q
from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from accounts.states import Role
from common.phones import local_phone
from villages.models import Village


@dataclass(frozen=True)
class Chat:
    """A second code: whoever points the camera at it writes first, and so agrees to be told."""

    words: str  # as a person types them
    number: str  # as people dial it
    code: SafeString


@dataclass(frozen=True)
class Poster:
    """What is printed."""

    address: str  # as a browser wants it
    words: str  # as a person types it
    code: SafeString  # the QR code as SVG
    mentors: list[User]
    chat: Chat | None = None


def poster_of(village: Village, *, base_url: str, day: date, whatsapp: str = "") -> Poster:
    """Draw a village's sheet for a day, with the numbers of who mentors it then."""
    address = f"{base_url}/d/{village.code}"
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
        code=_drawn(address),
        mentors=list(assigned.distinct().order_by("name", "pk")),
        chat=_chat(village, whatsapp) if whatsapp else None,
    )


def _chat(village: Village, number: str) -> Chat:
    """Draw the code that opens WhatsApp with DAFTAR and the village's code written."""
    words = f"DAFTAR {village.code.upper()}"
    return Chat(words, local_phone(number), _drawn(f"https://wa.me/{number.lstrip('+')}?text={quote(words)}"))


def _drawn(address: str) -> SafeString:
    code = segno.make(address, error="m").svg_inline(
        border=4, omitsize=True, svgclass="qr", lineclass=None, dark="#000"
    )
    return mark_safe(code)  # noqa: S308  drawn by us from an address of ours
