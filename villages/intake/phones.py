"""Numbers as spreadsheets leave them: without their 0, as 8.1E+10, with two in one cell."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

import phonenumbers
from django.core.exceptions import ValidationError

from common.phones import local_phone, parse_phone

EXPONENT: Final = re.compile(r"(\d(?:[.,](\d+))?)[eE]\+?(\d{1,2})")
WRITTEN: Final = re.compile(r"[\d\s()+.\-–—'’]+")
MOBILE_LENGTHS: Final = (10, 14)  # digits with the country
PLAIN: Final = re.compile(r"628\d{7,12}", re.ASCII)  # digits of other scripts go the longer way
NONE: Final = {"-", "--", "–", "0", "tidak ada", "tdk ada", "tidak punya", "belum ada", "none", "n/a", "x"}
SEVERAL: Final = re.compile(r"\s*(?:/|;|,|\||\bdan\b|\bor\b|\batau\b|&|\n)\s*")


class Phone(NamedTuple):
    """A number that can be written to, and how it was repaired (a code, or empty)."""

    number: str
    repair: str


class WrongPhone(Exception):
    """No number that can be written to; the code says why."""

    def __init__(self, code: str) -> None:
        """Keep the code of the sentence."""
        super().__init__(code)
        self.code = code


def read_phone(text: str) -> Phone | None:
    """Read the number of a cell, None when it says that there is none; anything else is a WrongPhone."""
    trimmed = text.strip().lstrip("'’`").strip()
    if trimmed.lower() in NONE or not trimmed:
        return None
    several = [part for part in SEVERAL.split(trimmed) if part]
    if len(several) > 1 and EXPONENT.fullmatch(trimmed) is None:
        return _first_of(several)
    whole = _expanded(trimmed)
    if not WRITTEN.fullmatch(whole):
        raise WrongPhone("phone_signs")
    number = _international(whole)
    return Phone(number, "" if _as_written(trimmed) == local_phone(number).replace(" ", "") else "phone_repaired")


def _first_of(several: list[str]) -> Phone:
    first = read_phone(several[0])
    if first is None:
        raise WrongPhone("phone_signs")
    return Phone(first.number, "phone_first")


def _as_written(text: str) -> str:
    """Take away what people put between digits, and +62 for 0: neither is a repair worth telling."""
    bare = re.sub(r"[^\d+]", "", text)
    return f"0{bare[3:]}" if bare.startswith("+62") else bare


def _expanded(text: str) -> str:
    """Write 8.1234567890E+10 out; where the spreadsheet cut digits off, the rest would be a stranger's number."""
    found = EXPONENT.fullmatch(text)
    if not found:
        return text.removesuffix(".0")
    if len(found[2] or "") < int(found[3]):
        raise WrongPhone("phone_shortened")
    return str(int(Decimal(found[1].replace(",", ".")).scaleb(int(found[3]))))


def _international(text: str) -> str:
    """Give back a lost 0 and read the number as everywhere else."""
    digits = re.sub(r"\D", "", text)
    if not text.strip().startswith("+"):
        digits = _with_country(digits)
    if PLAIN.fullmatch(digits) and _is_mobile(digits[:8], len(digits)):
        return f"+{digits}"
    try:
        return parse_phone(f"+{digits}")
    except ValidationError:
        raise WrongPhone(_reason(digits)) from None


def _with_country(digits: str) -> str:
    digits = digits.removeprefix("00") if digits.startswith("0062") else digits
    if digits.startswith("0"):
        return f"62{digits[1:]}"
    return digits if digits.startswith("62") else f"62{digits}"


@lru_cache(maxsize=20_000)
def _is_mobile(prefix: str, length: int) -> bool:
    """Ask once for each prefix and length: a list has thousands of numbers and few of these."""
    try:
        return bool(parse_phone(f"+{prefix.ljust(length, '1')}"))
    except ValidationError:
        return False


def _reason(digits: str) -> str:
    """Say what is wrong with a number: most are a digit short or long."""
    if not MOBILE_LENGTHS[0] <= len(digits) <= MOBILE_LENGTHS[1]:
        return "phone_short" if len(digits) < MOBILE_LENGTHS[0] else "phone_long"
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return "phone_unknown"
    return "phone_landline" if phonenumbers.is_valid_number(number) else "phone_unknown"
