"""When somebody was born, of which only the year is kept."""

import re
from datetime import date, timedelta
from typing import Final

from django.core.exceptions import ValidationError

from common.dates import parse_date

EPOCH: Final = date(1899, 12, 30)  # day 0 of spreadsheets
EARLIEST: Final = 1900
LATEST_SERIAL: Final = 73_050  # the end of 2099
OLDEST: Final = 120  # years
YEAR: Final = re.compile(r"(?:19|20)\d{2}")
NUMBER: Final = re.compile(r"\d{1,5}")
SHORT_YEAR: Final = re.compile(r"^\d{1,2}[\s/.-]+\S+[\s/.-]+\d{2}$")
AGE: Final = re.compile(r"(\d{1,3})\s*(?:th|thn|tahun|years?|y)?\.?", re.IGNORECASE)


class WrongBirth(Exception):
    """No year can be read; the code says why."""

    def __init__(self, code: str) -> None:
        """Keep the code of the sentence."""
        super().__init__(code)
        self.code = code


def year_of_date(text: str, *, today: date) -> int:
    """Read `1/10/1985`, `12 Mei 1985`, `Lamongan, 12-05-1985`, a day serial or a bare year; day first."""
    trimmed = re.sub(r"\s+\d{2}:\d{2}(:\d{2})?$", "", text.rsplit(",", maxsplit=1)[-1].strip())
    if YEAR.fullmatch(trimmed):
        return bounded(int(trimmed), today=today)
    if NUMBER.fullmatch(trimmed):
        return bounded(_of_serial(int(trimmed)), today=today)
    try:
        year = parse_date(trimmed).year
    except ValidationError:
        raise WrongBirth("birth_date") from None
    if SHORT_YEAR.match(trimmed) and year > today.year:
        year -= 100
    return bounded(year, today=today)


def _of_serial(serial: int) -> int:
    """Read a day as spreadsheets count them; small numbers are no birth dates."""
    if not EARLIEST < serial <= LATEST_SERIAL:
        raise WrongBirth("birth_date")
    return (EPOCH + timedelta(days=serial)).year


def year_of_year(text: str, *, today: date) -> int:
    """Read a year; a whole date in the column of years is read as one."""
    return year_of_date(text, today=today)


def year_of_age(text: str, *, today: date) -> int:
    """Read an age in years; the year may be one off, which is told."""
    found = AGE.fullmatch(text.strip())
    if not found or int(found[1]) > OLDEST:
        raise WrongBirth("age")
    return bounded(today.year - int(found[1]), today=today)


def bounded(year: int, *, today: date) -> int:
    """Refuse years in which no living person was born."""
    if not EARLIEST <= year <= today.year:
        raise WrongBirth("birth_year")
    return year
