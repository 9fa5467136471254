"""The number of a certificate, `DD-2026-000123-K`: a year, a serial without gaps, and a letter that catches a slip.

It is public: it stands on the paper and opens the page that checks it.
"""

import re
from typing import NamedTuple

PATTERN = r"^DD-[0-9]{4}-[0-9]{6,9}-[A-Z]$"
_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"  # without I, O and S, which are read as digits; as many as a prime, 23
_LONGEST = 40
_LOOKALIKES = str.maketrans("OILSB", "01158")
_SHAPE = re.compile(r"[^A-Z0-9]*(?:D[^A-Z0-9]*D)?([^A-Z].*?)([A-Z])[^A-Z0-9]*")
_GROUPS = re.compile(r"[^A-Z0-9]*([0-9]{4})[^A-Z0-9]*([0-9]{1,9})[^A-Z0-9]*")


class Number(NamedTuple):
    """A year and the place in it."""

    year: int
    serial: int

    def __str__(self) -> str:
        """Write it whole, as it is printed."""
        return f"DD-{self.year:04}-{self.serial:06}-{self.letter}"

    @property
    def letter(self) -> str:
        """Derive the check letter: one wrong digit, or two neighbours swapped, gives another one."""
        digits = f"{self.year:04}{self.serial:09}"
        weighed = sum(weight * int(digit) for weight, digit in enumerate(digits, start=2))
        return _LETTERS[weighed % len(_LETTERS)]


def read_number(typed: str) -> Number | None:
    """Read what a person typed: lower case, spaces, missing zeros, O for 0; None when the letter does not fit."""
    parted = _SHAPE.fullmatch(typed.upper()) if len(typed) <= _LONGEST else None
    groups = _GROUPS.fullmatch(parted[1].translate(_LOOKALIKES)) if parted else None
    if parted is None or groups is None:
        return None
    number = Number(int(groups[1]), int(groups[2]))
    return number if number.letter == parted[2] else None
