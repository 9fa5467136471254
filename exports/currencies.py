"""Currencies by their three letters (ISO 4217): those that are money somewhere today."""

from functools import cache
from typing import Final

from babel import Locale
from babel.core import get_global
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

RUPIAH: Final = "IDR"
USUAL: Final = ("USD", RUPIAH, "EUR", "JPY", "SGD", "MYR", "CNY", "AUD", "GBP", "SAR")  # offered first


@cache
def _codes() -> frozenset[str]:
    rows = get_global("territory_currencies").values()
    return frozenset(code for row in rows for code, _since, until, tender in row if until is None and tender)


def currency_name(code: str) -> str:
    """Name a currency in the language of the moment."""
    language = "en" if (get_language() or "id").startswith("en") else "id"
    return str(Locale(language).currencies.get(code, code))


def currency_choices() -> list[tuple[str, str]]:
    """List letters and names, those of the usual trade first, the others by their letters."""
    codes = [*USUAL, *sorted(_codes() - set(USUAL))]
    return [(code, f"{code} · {currency_name(code)}") for code in codes]


def check_currency(code: str) -> None:
    """Pass letters that are money somewhere today; a ValidationError says what is wrong with others."""
    if code not in _codes():
        raise ValidationError(
            {"currency": _("No currency in use has the letters “%(code)s” (ISO 4217).") % {"code": code[:10]}}
        )
