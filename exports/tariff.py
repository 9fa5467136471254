"""Codes of the Harmonized System (HS) and of Indonesia's tariff book (BTKI): length, chapter and days in force."""

from datetime import date
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from exports.states import DIGITS, Nomenclature

FIRST_CHAPTER, LAST_CHAPTER, UNUSED_CHAPTER = 1, 97, 77  # 77 is kept free for a metal that nobody has found yet
# Indonesia uses an edition from its first day until the next one begins.
IN_FORCE: Final = {
    Nomenclature.HS_2017: (date(2017, 3, 1), date(2022, 3, 31)),
    Nomenclature.BTKI_2017: (date(2017, 3, 1), date(2022, 3, 31)),
    Nomenclature.HS_2022: (date(2022, 4, 1), date.max),
    Nomenclature.BTKI_2022: (date(2022, 4, 1), date.max),
}


def bare(code: str) -> str:
    """Leave the dots and spaces of `5208.59.90` out."""
    return code.replace(".", "").replace(" ", "").strip()


def dotted(code: str) -> str:
    """Write `5208.59.90` as the tariff book does; anything that is no code stays as it is."""
    parts = (code[:4], code[4:6], code[6:8])
    return ".".join(part for part in parts if part)


def check_code(code: str, edition: str) -> None:
    """Pass a code of this edition's length, of a chapter in use; a ValidationError says what is wrong with others."""
    known = Nomenclature(edition)
    if not (code.isascii() and code.isdigit() and len(code) == DIGITS[known]):
        said = _("A code of %(edition)s has %(count)s digits, such as %(example)s.")
        example = dotted("52085990"[: DIGITS[known]])
        raise ValidationError(
            {"hs_code": said % {"edition": known.label, "count": DIGITS[known], "example": example}}, code="length"
        )
    chapter = int(code[:2])
    if not FIRST_CHAPTER <= chapter <= LAST_CHAPTER or chapter == UNUSED_CHAPTER:
        raise ValidationError(
            {
                "hs_code": _("There is no chapter %(chapter)s: chapters go from 01 to 97, without 77.")
                % {"chapter": code[:2]}
            },
            code="chapter",
        )


def out_of_force(edition: str, day: date) -> tuple[date, date] | None:
    """Give the days of an edition when `day` is none of them, and else nothing."""
    first, last = IN_FORCE[Nomenclature(edition)]
    return None if first <= day <= last else (first, last)
