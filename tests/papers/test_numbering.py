"""Numbers of certificates: written one way, read in many, and no slip of the pen goes through."""

import re
from itertools import pairwise

import pytest

from papers.numbering import PATTERN, Number, read_number

NUMBER = Number(2026, 123)


def test_number_is_written_whole() -> None:
    assert re.fullmatch(PATTERN, str(NUMBER))
    assert str(NUMBER).startswith("DD-2026-000123-")
    assert re.fullmatch(PATTERN, str(Number(2026, 999_999_999)))


@pytest.mark.parametrize(
    "write",
    [
        str,
        lambda number: str(number).lower(),
        lambda number: str(number).replace("-", ""),
        lambda number: f"  {number} ".replace("-", " "),
        lambda number: str(number).replace("0", "O"),
        lambda number: str(number).replace("1", "l"),
        lambda number: str(number).replace("-", "–"),
        lambda number: f"dd.2026.123.{number.letter}",
        lambda number: f"2026/000123/{number.letter}",
        lambda number: f"d d 2026 123{number.letter}",
    ],
)
def test_number_is_read_as_people_type_it(write: object) -> None:
    assert read_number(write(NUMBER)) == NUMBER  # type: ignore[operator]


@pytest.mark.parametrize(
    "typed",
    ["", " ", "-", "DD", "K", "DD-2026", "DD-2026-000123", "DD-26-1-K", "DD-2026-x-K", "٢٠٢٦-١-K", "\x00", "9" * 5000,
     "DD-2026-0000000123-K", "D" * 40, "ß" * 20, f"{NUMBER}{NUMBER}", "DD-2026-000123-É"],
)  # fmt: skip
def test_anything_else_is_no_number(typed: str) -> None:
    assert read_number(typed) is None


def test_one_wrong_sign_or_two_swapped_are_caught() -> None:
    whole = str(Number(2026, 908_174))
    digits = [index for index, sign in enumerate(whole) if sign.isdigit()]
    for place in digits:
        for digit in "0123456789":
            changed = whole[:place] + digit + whole[place + 1 :]
            assert (read_number(changed) is None) == (changed != whole)
    for left, right in pairwise(digits):
        swapped = [*whole]
        swapped[left], swapped[right] = swapped[right], swapped[left]
        assert whole[left] == whole[right] or read_number("".join(swapped)) is None
    letters = [whole[:-1] + letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    assert [typed for typed in letters if read_number(typed)] == [whole]
