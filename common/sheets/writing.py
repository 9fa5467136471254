"""Safe spreadsheets: no text of anyone's becomes a formula, days are days, numbers of phones stay text."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from common.sheets.book import LOST

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
NARROWEST, WIDEST = 10, 48
LONGEST_TITLE: Final = 31
Value = str | int | float | Decimal | date | None


@dataclass(frozen=True)
class Shown:
    """A number or a day with the pattern by which a spreadsheet shows it."""

    value: int | Decimal | date
    pattern: str


@dataclass(frozen=True)
class Tab:
    """One sheet of a workbook; widths in letters, a missing one by its heading."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Value | Shown]]
    widths: Sequence[int] = ()


def write_xlsx(head: Sequence[str], rows: Iterable[Sequence[Value]], *, title: str) -> bytes:
    """Write a sheet with a frozen, filtered head; texts stay texts whatever sign they begin with."""
    book = Workbook(write_only=True)
    _fill(book, title, head, rows, ())
    return _saved(book)


def write_tabs(tabs: Sequence[Tab]) -> bytes:
    """Write several such sheets into one workbook."""
    book = Workbook(write_only=True)
    for tab in tabs:
        _fill(book, tab.title, tab.head, tab.rows, tab.widths)
    return _saved(book)


def _fill(
    book: Any, title: str, head: Sequence[str], rows: Iterable[Sequence[Value | Shown]], widths: Sequence[int]
) -> None:
    sheet = book.create_sheet(_titled(title))
    sheet.freeze_panes = "A2"
    for index, name in enumerate(head, start=1):
        width = widths[index - 1] if index <= len(widths) else min(max(NARROWEST, len(name) + 4), WIDEST)
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.append([_heading(sheet, name) for name in head])
    count = 1
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(max(len(head), 1))}{count}"


def _saved(book: Any) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def write_csv(head: Sequence[str], rows: Iterable[Sequence[Value]], *, separator: str = ";") -> Iterator[str]:
    """Write records one by one, with the mark that makes Excel read UTF-8; what looks like a formula gets a '."""
    yield "\ufeff"
    for row in _with_head(head, rows):
        line = StringIO(newline="")
        csv.writer(line, delimiter=separator, lineterminator="\r\n").writerow([_harmless(value) for value in row])
        yield line.getvalue()


def _with_head(head: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[Sequence[Value]]:
    yield head
    yield from rows


def _harmless(value: Value) -> Value:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_SIGNS) else value


def _titled(title: str) -> str:
    """Leave out what the title of a sheet must not have."""
    return "".join(sign for sign in title if sign not in "[]:*?/\\'")[:LONGEST_TITLE] or "Sheet"


def _cell(sheet: Any, value: Value | Shown) -> Any:
    if isinstance(value, Shown):
        cell = WriteOnlyCell(sheet, value=value.value)
        cell.number_format = value.pattern
        return cell
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value=value)
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub(LOST, value))
    cell.data_type = "s"
    cell.number_format = "@"
    return cell


def _heading(sheet: Any, name: str) -> Any:
    cell = _cell(sheet, name)
    cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    return cell
