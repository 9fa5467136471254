"""Workbooks with frozen, filtered, printable sheets, written row by row with the memory of one row."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile, gettempdir
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.packaging.core import DocumentProperties
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.xml.functions import tostring

from common.sheets.cells import Shown, Value, bare, cell_of, heading_of

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS: Final = 1_000_000  # of one sheet; a workbook ends at 1,048,576
NARROWEST, WIDEST = 10, 48
LONGEST_TITLE, LONGEST_FOOT = 31, 200
A4: Final = 9
PIECE: Final = 256 * 1024
FACTS: Final = "docProps/core.xml"
EARLIEST: Final = (1980, 1, 1, 0, 0, 0)  # as early as a zip can say


@dataclass(frozen=True)
class Tab:
    """One sheet of a workbook; widths in letters, a missing one by its heading; the foot stands on printed pages."""

    title: str
    head: Sequence[str]
    rows: Iterable[Sequence[Value | Shown]]
    widths: Sequence[int] = ()
    foot: str = ""
    freeze: str = "A2"  # the first place that moves


def write_xlsx(head: Sequence[str], rows: Iterable[Sequence[Value]], *, title: str) -> bytes:
    """Write one sheet; texts stay texts whatever sign they begin with."""
    return write_tabs([Tab(title, head, rows)])


def write_tabs(tabs: Sequence[Tab]) -> bytes:
    """Write several sheets into one workbook."""
    held = BytesIO()
    write_book(held, tabs)
    return held.getvalue()


def stream_tabs(tabs: Sequence[Tab], *, by: str, at: datetime) -> Iterator[bytes]:
    """Give the same in pieces, from a file that vanishes; it says who made it and when."""
    with TemporaryFile() as file:
        write_book(file, tabs, by=by, at=at)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def write_book(file: IO[bytes], tabs: Sequence[Tab], *, by: str = "", at: datetime | None = None) -> None:
    """Write a workbook into a file; what a broken one left behind is deleted."""
    book = Workbook(write_only=True)
    book.properties.creator = bare(by)
    if at:
        book.properties.created = _plain(at)
    try:
        for tab in tabs:
            _fill(book.create_sheet(_titled(tab.title)), tab)
        book.save(file)
    except BaseException:
        _discard(book)
        raise


def write_steady(file: IO[bytes], tabs: Sequence[Tab], *, at: datetime) -> None:
    """Write a workbook as of `at`, the same bytes for the same rows: the clock that the library puts in is put back."""
    written = BytesIO()
    write_book(written, tabs)
    facts = DocumentProperties(creator="", created=_plain(at), modified=_plain(at))
    with ZipFile(written) as made, ZipFile(file, "w") as kept:
        for name in made.namelist():
            content = tostring(facts.to_tree()) if name == FACTS else made.read(name)
            kept.writestr(ZipInfo(name, EARLIEST), content, ZIP_DEFLATED)


def _plain(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)


def _fill(sheet: Any, tab: Tab) -> None:
    _lay_out(sheet, tab)
    sheet.append([heading_of(sheet, name) for name in tab.head])
    count = 1
    for count, row in enumerate(tab.rows, start=2):  # noqa: B007  the last one is the number of rows
        sheet.append([cell_of(sheet, value) for value in row])
    sheet.auto_filter.ref = f"A1:{get_column_letter(max(len(tab.head), 1))}{count}"


def _lay_out(sheet: Any, tab: Tab) -> None:
    """Freeze the head, set the widths, and fit the printed pages, before the first row is written."""
    sheet.freeze_panes, sheet.print_title_rows = tab.freeze, "1:1"
    for index, name in enumerate(tab.head, start=1):
        width = tab.widths[index - 1] if index <= len(tab.widths) else min(max(NARROWEST, len(name) + 4), WIDEST)
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    setup = sheet.page_setup
    setup.paperSize, setup.orientation, setup.fitToWidth, setup.fitToHeight = A4, "landscape", 1, 0
    sheet.oddFooter.left.text = bare(tab.foot).replace("&", "&&")[:LONGEST_FOOT]
    sheet.oddFooter.right.text = "&P / &N"


def _titled(title: str) -> str:
    """Leave out what the title of a sheet must not have."""
    return "".join(sign for sign in title if sign not in "[]:*?/\\'\"")[:LONGEST_TITLE] or "Sheet"


def _discard(book: Any) -> None:
    """Delete the files that hold the rows until a workbook is saved."""
    for sheet in book.worksheets:
        with suppress(Exception):  # it is broken already
            sheet.close()
        with suppress(FileNotFoundError, AttributeError):
            sheet._writer.cleanup()  # noqa: SLF001  the library deletes them only when all goes well


def sweep_unfinished(*, before: datetime) -> int:
    """Delete the files of workbooks whose writer was killed; tell how many."""
    left = [path for path in Path(gettempdir()).glob("openpyxl.*") if _age(path) < before.timestamp()]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
