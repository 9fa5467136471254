"""The address of a household's page: it names a number by key, never by its digits, and cannot be guessed.

The last part of `/s/<token>` is the key of the contact point and a keyed hash over key and version. Renewing a link
raises the version, so the old address stops working. A number without a row in `PersonalLink` has version 1.
"""

import re

from django.utils.crypto import constant_time_compare

from accounts.links import mark
from villages.models import ContactPoint, PersonalLink

_SHAPE = re.compile(r"([1-9][0-9]{0,17})-([a-z2-7]{16})")


def token_of(subject: ContactPoint | PersonalLink) -> str:
    """Write the token of a number's page; empty when its link is revoked. Writes nothing; select `link` along."""
    link = subject if isinstance(subject, PersonalLink) else _link(subject)
    if link.revoked_at is not None:
        return ""
    return f"{link.contact_point_id}-{_mark(link)}"


def number_in(token: str) -> int | None:
    """Read which contact point a token speaks of; whether it may, `opens` tells."""
    found = _SHAPE.fullmatch(token)
    return int(found[1]) if found and int(found[1]) < 1 << 63 else None


def opens(token: str, link: PersonalLink) -> bool:
    """Say whether a token opens this link, as it stands: its last version, not revoked."""
    return link.revoked_at is None and constant_time_compare(f"{link.contact_point_id}-{_mark(link)}", token)


def calendar_token(link: PersonalLink) -> str:
    """Write the token of a household's calendar; it opens nothing else, and ends with the link. Empty when revoked."""
    if link.revoked_at is not None:
        return ""
    return f"h{link.contact_point_id}-{mark('villages.calendar', link.contact_point_id, link.version)}"


def live_link(number: int) -> PersonalLink | None:
    """Read the link of a number as it stands, in one query; None when there is no such number."""
    point = ContactPoint.objects.select_related("link").filter(pk=number).first()
    return _link(point) if point else None


def link_of(token: str) -> PersonalLink | None:
    """Find the live link that a token opens, with its contact point, in one query; None for anything else."""
    number = number_in(token)
    link = live_link(number) if number else None
    return link if link and opens(token, link) else None


def _link(point: ContactPoint) -> PersonalLink:
    try:
        return point.link
    except PersonalLink.DoesNotExist:
        return PersonalLink(contact_point=point)


def _mark(link: PersonalLink) -> str:
    return mark("villages.links", link.contact_point_id, link.version)
