"""Names of destinations in the language of the moment."""

from babel import Locale
from django.utils.translation import get_language


def country(code: str, otherwise: str = "") -> str:
    """Name a country by its two letters (ISO 3166)."""
    names = Locale.parse((get_language() or "id")[:2]).territories
    return str(names.get(code) or otherwise or code)
