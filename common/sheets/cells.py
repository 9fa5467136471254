"""One value as one cell: no text of anyone's becomes a formula, days are days, and no digit is lost."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from common.sheets.book import LOST

Value = str | int | float | Decimal | date | time | None
# What begins a formula somewhere: also after blanks, and in the wide signs of other keyboards.
FORMULA: Final = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")
ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
ESCAPED: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # what a spreadsheet would read as a sign of another kind
LINE_ENDS: Final = re.compile(r"\r\n?")
LONGEST_CELL: Final = 32_767  # signs, as spreadsheets count them
MOST_DIGITS: Final = 15  # of a number; a longer one is written as text, so that no digit is lost
TEXT, DAY, MOMENT, CLOCK = "@", "d/m/yyyy", "d/m/yyyy hh:mm", "hh:mm"


@dataclass(frozen=True)
class Shown:
    """A number or a day with the pattern by which a spreadsheet shows it."""

    value: int | Decimal | date
    pattern: str


def harmless(value: Any) -> Any:
    """Put a ' before what a spreadsheet could take for a formula in CSV, and leave out NUL."""
    if not value or not isinstance(value, str):
        return value
    text = value.replace("\x00", LOST)
    return f"'{text}" if FORMULA.match(text) else text


def cell_of(sheet: Any, value: Any) -> Any:
    """Write any value as the kind of cell that it is; what is no number, day or truth is a text."""
    match value:
        case None | "":
            return None
        case Shown():
            return _patterned(sheet, value.value, value.pattern)
        case date() | time():
            return _patterned(sheet, value, _pattern_of(value))
        case bool() | float():
            return value
        case int() | Decimal():
            return _text(sheet, f"{Decimal(value):f}") if _is_long(value) else value
        case _:
            return _text(sheet, str(value))


def heading_of(sheet: Any, name: str) -> Any:
    """Write the head of a column."""
    cell = _text(sheet, name)
    cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    return cell


def bare(text: str) -> str:
    """Leave out of a text what no sheet can hold."""
    return ILLEGAL.sub(LOST, text)


def _text(sheet: Any, text: str) -> Any:
    """Write a text that stays one, whatever it begins with."""
    kept = LINE_ENDS.sub("\n", ESCAPED.sub("_x005F_", bare(text)))[:LONGEST_CELL]
    cell = _patterned(sheet, kept, TEXT)
    cell.data_type = "s"
    return cell


def _patterned(sheet: Any, value: object, pattern: str) -> Any:
    cell = WriteOnlyCell(sheet, value=value)
    cell.number_format = pattern
    return cell


def _pattern_of(value: date | time) -> str:
    if isinstance(value, time):
        return CLOCK
    return MOMENT if isinstance(value, datetime) else DAY


def _is_long(value: int | Decimal) -> bool:
    """Tell whether a spreadsheet would lose digits of a number."""
    return len(Decimal(value).normalize().as_tuple().digits) > MOST_DIGITS
