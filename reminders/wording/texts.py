"""Small words of every text: names joined, places by their landmark, the address of the household's page."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _

from programs.models import Venue
from villages.links import token_of
from villages.models import ContactPoint


def address_of(point: ContactPoint) -> str:
    """Write the address of the household's page; a revoked link leaves the village's word alone."""
    token = token_of(point)
    return f"{settings.BASE_URL}/s/{token}" if token else settings.BASE_URL


def place_of(venue: Venue | None) -> str:
    """Name a place with the landmark by which it is found."""
    if venue is None:
        return _("online")
    return f"{venue.name} ({venue.landmark})" if venue.landmark else venue.name


def join_names(names: Iterable[str]) -> str:
    """Write `Bu Ani, Bu Siti and Pak Joko`."""
    *first, last = names
    return _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last} if first else last
