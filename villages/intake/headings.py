"""Finding where a list begins: the row of headings below a title, often on two rows, sometimes with numbers below."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from common.sheets import Line
from villages.intake.columns import IGNORED, guess

LOOKED_AT: Final = 40  # rows from the top in which headings are looked for
LONGEST: Final = 120
COUNTED: Final = re.compile(r"\(?(\d{1,2})\)?")


@dataclass(frozen=True)
class Headings:
    """The headings of a list, and the row below which people begin."""

    names: list[str]
    last: int
    known: int  # how many of them are understood


def find_headings(top: Sequence[Line]) -> Headings | None:
    """Find the row that names most columns, a column of names among them; None where there is none."""
    found = [(_understood(line.cells), -place) for place, line in enumerate(top[:LOOKED_AT])]
    known, place = max(found, default=(0, 0))
    return _below(top, -place) if known else None


def first_row(top: Sequence[Line]) -> Headings:
    """Take the first row for headings, for someone to say what they mean."""
    return Headings([_tidy(cell) for cell in top[0].cells], top[0].number, 0)


def _understood(cells: Sequence[str]) -> int:
    fields = guess(cells)
    return len(set(fields) - {IGNORED}) if "name" in fields else 0


def _below(top: Sequence[Line], place: int) -> Headings:
    """Join a second row of headings, and pass over a row that only numbers the columns."""
    names, last = [_tidy(cell) for cell in top[place].cells], place
    if place + 1 < len(top) and _continues(top[place].cells, top[place + 1].cells):
        names, last = _joined(names, top[place + 1].cells), place + 1
    if last + 1 < len(top) and _numbers_columns(top[last + 1].cells):
        last += 1
    return Headings(names, top[last].number, _understood(names))


def _continues(above: Sequence[str], cells: Sequence[str]) -> bool:
    """Tell whether a row goes on with headings: words only, all of them below headings that span several columns."""
    said = [index for index in range(len(cells)) if _at(cells, index)]
    if not said or any(sign.isdigit() for index in said for sign in cells[index]):
        return False
    if not all(_spans(above, cells, index) for index in said):
        return False
    return any(field != IGNORED for field in guess(_joined(above, cells, fresh=True)))


def _spans(above: Sequence[str], cells: Sequence[str], index: int) -> bool:
    """Tell whether the heading over a column is wider than the column, and goes on below too."""
    if index and not _at(above, index):
        return True
    return not _at(above, index + 1) and bool(_at(cells, index + 1))


def _joined(above: Sequence[str], cells: Sequence[str], *, fresh: bool = False) -> list[str]:
    """Write `Jenis Kelamin` over `L` and `P` as `Jenis Kelamin L` and `Jenis Kelamin P`; `fresh` keeps only such."""
    names, span = [], ""
    for index in range(max(len(above), len(cells))):
        span = _at(above, index) or span
        below = _at(cells, index)
        names.append(_tidy(f"{span} {below}") if below else "" if fresh else _tidy(_at(above, index)))
    return names


def _numbers_columns(cells: Sequence[str]) -> bool:
    """Tell whether a row only counts: 1, 2, 3 or (1), (2), (3)."""
    found = [COUNTED.fullmatch(cell.strip()) for cell in cells if cell.strip()]
    numbers = [int(each[1]) for each in found if each]
    return len(numbers) == len(found) > 2 and numbers == [*range(numbers[0], numbers[0] + len(numbers))]  # noqa: PLR2004


def _at(cells: Sequence[str], index: int) -> str:
    return cells[index].strip() if index < len(cells) else ""


def _tidy(text: str) -> str:
    return " ".join(text.split())[:LONGEST]
