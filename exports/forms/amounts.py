"""Numbers as Indonesians write them: `1.250.000`, `Rp1.250.000,50`, `1,5`."""

import re
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.numbers import number

_SPACES: Final = re.compile(r"[\s ]")
_MONEY: Final = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?|\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:[.,]\d{1,2})?")
_QUANTITY: Final = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,3})?|\d+(?:,\d{1,3}|\.\d{1,2})?")
_GROUPED: Final = re.compile(r"(?<=\d)[.,](?=\d{3}(?:\D|$))")


def read_rupiah(text: str) -> Decimal:
    """Read whole or broken rupiah, with dots or commas between the thousands; what could be two sums is refused."""
    bare = _SPACES.sub("", text).removeprefix("Rp").removeprefix("rp")
    if not _MONEY.fullmatch(bare):
        raise ValidationError(_("Write an amount in rupiah, such as 1.250.000."), code="amount")
    return Decimal(_GROUPED.sub("", bare).replace(",", "."))


def read_quantity(text: str) -> Decimal:
    """Read a quantity: a dot parts the thousands, a comma the decimals (up to three)."""
    bare = _SPACES.sub("", text)
    if not _QUANTITY.fullmatch(bare):
        raise ValidationError(_("Write a number, such as 2 or 1,5."), code="quantity")
    whole, comma, rest = bare.partition(",")
    grouped = re.fullmatch(r"\d{1,3}(?:\.\d{3})+", whole)
    return Decimal(f"{whole.replace('.', '') if grouped else whole}{'.' if comma else ''}{rest}")


class RupiahField(forms.DecimalField):
    """An amount of money as it is written by hand; shown again in the same way."""

    def __init__(self, **options: Any) -> None:
        """Offer the number keys of a phone."""
        options.setdefault("widget", forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**{"max_digits": 16, "decimal_places": 2, "min_value": 0, **options})

    def to_python(self, value: object) -> Any:
        """Read it."""
        if value in self.empty_values or isinstance(value, Decimal):
            return None if value in self.empty_values else value
        return read_rupiah(str(value))

    def prepare_value(self, value: Any) -> Any:
        """Write it with its thousands."""
        return written(value) if isinstance(value, Decimal | int) else value


class QuantityField(RupiahField):
    """How much of something."""

    def __init__(self, **options: Any) -> None:
        """Bound it as the table does."""
        super().__init__(**{"max_digits": 12, "decimal_places": 3, **options})

    def to_python(self, value: object) -> Any:
        """Read it."""
        if value in self.empty_values:
            return None
        return value if isinstance(value, Decimal) else read_quantity(str(value))


def written(value: Decimal | int) -> str:
    """Write a number as it may be typed again: thousands with dots, decimals only where there are some."""
    exact = Decimal(value).normalize()
    return number(exact, max(0, -int(exact.as_tuple().exponent)))
