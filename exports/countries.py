"""Countries by their two letters (ISO 3166), with their names in the language of the moment."""

from functools import cache
from typing import Final

from babel import Locale
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

HOME: Final = "ID"
LETTERS: Final = 2
# What the list of names holds beside the 249 of ISO 3166: groups, islands with reserved letters, made-up accents.
NOT_ISO: Final = frozenset(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"])


@cache
def _names(language: str) -> dict[str, str]:
    names = {str(code): name for code, name in Locale(language).territories.items()}
    codes = {code for code in names if len(code) == LETTERS and code.isalpha()} - NOT_ISO
    return {code: names[code] for code in codes}


def _language() -> str:
    return "en" if (get_language() or "id").startswith("en") else "id"


def country_name(code: str) -> str:
    """Name a country; letters that are nobody's stay as they are."""
    return _names(_language()).get(code, code)


def country_choices(*, abroad: bool = False) -> list[tuple[str, str]]:
    """List letters and names by name; without Indonesia where goods must leave it."""
    rows = sorted(_names(_language()).items(), key=lambda pair: pair[1].casefold())
    return [(code, name) for code, name in rows if not (abroad and code == HOME)]


def check_country(code: str, *, field: str = "country", abroad: bool = False) -> None:
    """Pass letters that ISO 3166 knows; a ValidationError on `field` says what is wrong with others."""
    if code not in _names("en"):
        raise ValidationError({field: _("No country has the letters “%(code)s” (ISO 3166).") % {"code": code[:10]}})
    if abroad and code == HOME:
        raise ValidationError({field: _("An export leaves Indonesia: choose the country it goes to.")})
