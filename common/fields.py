"""Bounds that every text keeps, and the pairs of columns that are filled together."""

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

FIRST_PRINTABLE = 32
SURROGATES = range(0xD800, 0xE000)


def refuse_control_characters(text: str) -> None:
    """Refuse NUL, lone surrogates and other characters that no person types."""
    if any((ord(sign) < FIRST_PRINTABLE and sign not in "\n\r\t") or ord(sign) in SURROGATES for sign in text):
        raise ValidationError(_("This text has characters that cannot be kept."), code="control")


def together(*columns: str) -> Q:
    """Say that nullable columns are filled together or not at all."""
    return Q(**{f"{column}__isnull": True for column in columns}) | Q(
        **{f"{column}__isnull": False for column in columns}
    )
