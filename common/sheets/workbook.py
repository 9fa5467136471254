"""`.xlsx`, read row by row with openpyxl's own parser: no padding, no trust in what the file says of its size."""

from collections.abc import Iterator
from typing import IO, Any, Final
from xml.etree.ElementTree import XMLPullParser
from zipfile import ZipFile

from django.utils.translation import gettext as _
from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet._reader import FORMULA_TAG, ROW_TAG, WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS, STYLES_TYPE, WORKSHEET_TYPE, XLSM, XLTM

from common.sheets.book import MOST_COLUMNS, Book, Leaf, Line, Unreadable, damaged, text_of
from common.sheets.package import CHUNK, opened

LAST_ROW: Final = 1_048_576
LONGEST_NODE: Final = 4 * 1024 * 1024  # bytes: a hundred cells of the longest text
MOST_MARKS: Final = 200_000  # of one row that open or close an element: every column of Excel, six times
MOST_SHEETS: Final = 50
TEXT_TAG: Final = f"{{{SHEET_MAIN_NS}}}t"
STRING_TAG: Final = f"{{{SHEET_MAIN_NS}}}si"
DATA_TAG: Final = f"{{{SHEET_MAIN_NS}}}sheetData"
TABLE_TAG: Final = f"{{{SHEET_MAIN_NS}}}sst"
NEEDED: Final = (SHARED_STRINGS, STYLES_TYPE, WORKSHEET_TYPE)
UNCOUNTED: Final = "#FORMULA!"  # a formula whose value no program has written down


class Workbook(ExcelReader):
    """The parts that say what a cell holds: texts, styles, sheets; nothing else is read."""

    def __init__(self, archive: ZipFile) -> None:
        """Read them from a package that was looked through."""
        self.archive, self.valid_files = archive, archive.namelist()
        self.read_only = self.data_only = True
        self.keep_vba = self.keep_links = self.rich_text = False
        self.shared_strings: list[str] = []
        self.read_manifest()
        self._refuse_others()
        self.read_strings()
        self.read_workbook()
        apply_stylesheet(archive, self.wb)

    def _refuse_others(self) -> None:
        """Refuse macros, and a package that lacks what it lists."""
        if self.package.find(XLSM) or self.package.find(XLTM):
            raise Unreadable(_("This workbook holds macros (.xlsm). Save it as .xlsx and try again."))
        listed = {part.PartName.lstrip("/") for part in self.package.Override if part.ContentType in NEEDED}
        if not listed.issubset(self.valid_files):
            raise damaged()

    def read_strings(self) -> None:
        """Read the table of texts and let go of its tree on the way."""
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        with self.archive.open(part.PartName.lstrip("/")) as source:
            for node in _nodes(source, STRING_TAG, TABLE_TAG):
                self.shared_strings.append(Text.from_tree(node).content.replace("x005F_", ""))

    def leaves(self) -> Iterator[Leaf]:
        """Give the sheets that can be seen, in their order, then the hidden ones."""
        sheets = [(sheet, rel) for sheet, rel in self.parser.find_sheets() if "chartsheet" not in rel.Type]
        if any(rel.target not in self.valid_files for _sheet, rel in sheets):
            raise damaged()
        for sheet, rel in sorted(sheets[:MOST_SHEETS], key=lambda pair: pair[0].state != "visible"):
            yield Leaf(title=sheet.name, read=_Reader(self, rel.target))


class _Reader:
    """Reads one sheet from its beginning."""

    def __init__(self, book: Workbook, target: str) -> None:
        self.book, self.target = book, target

    def __call__(self) -> Iterator[Line]:
        book = self.book.wb
        with self.book.archive.open(self.target) as source:
            yield from Rows(
                source,
                self.book.shared_strings,
                data_only=True,
                epoch=book.epoch,
                date_formats=book._date_formats,  # noqa: SLF001
                timedelta_formats=book._timedelta_formats,  # noqa: SLF001
            ).lines()


class Rows(WorkSheetParser):
    """openpyxl's reading of cells, without the parts of a sheet that hold none."""

    def lines(self) -> Iterator[Line]:
        """Give the rows as text; rows and cells out of their order mean that the file is broken."""
        last = 0
        for node in _nodes(self.source, ROW_TAG, DATA_TAG):
            number, cells = self.parse_row(node)
            if not last < number <= LAST_ROW:
                raise damaged()
            last = number
            yield Line(number, _placed(number, cells))

    def parse_cell(self, element: Any) -> dict[str, Any]:
        """Read a cell; a formula without a value says so instead of looking empty."""
        inline: Any = element[0] if len(element) == 1 and element.get("t") == "inlineStr" else ()
        place = element.get("r")
        if place and len(inline) == 1 and inline[0].tag == TEXT_TAG:  # the commonest by far, and the slowest to build
            row, column = coordinate_to_tuple(place)
            return {"row": row, "column": column, "value": inline[0].text}
        cell: dict[str, Any] = super().parse_cell(element)
        if cell["value"] is None and element.get("t") != "str" and element.find(FORMULA_TAG) is not None:
            cell["value"] = UNCOUNTED
        return cell


def _placed(number: int, cells: list[dict[str, Any]]) -> list[str]:
    """Put the cells of a row into their columns."""
    placed: list[str] = []
    for cell in cells:
        text = text_of(cell["value"])
        if not text:
            continue
        if cell["row"] != number or cell["column"] <= len(placed):
            raise damaged()
        if cell["column"] > MOST_COLUMNS:
            raise Unreadable(_("This sheet has more than 100 columns. Keep only the columns of the list."))
        placed += [""] * (cell["column"] - len(placed) - 1)
        placed.append(text)
    return placed


def _nodes(source: IO[bytes], tag: str, last: str) -> Iterator[Any]:
    """Walk the elements of one kind up to the end of `last`, and forget each after it was looked at.

    Entities were refused before, so the plain parser is safe here, and several times faster than a guarded one.
    """
    parser: Any = XMLPullParser(("end",))
    waiting = marks = 0
    while chunk := source.read(CHUNK):
        parser.feed(chunk)
        waiting, marks = waiting + len(chunk), marks + chunk.count(b"<")
        for _event, node in parser.read_events():
            if node.tag == tag:
                waiting = marks = 0
                yield node
                node.clear()
            elif node.tag == last:
                return
        if waiting > LONGEST_NODE or marks > MOST_MARKS:
            raise damaged()
    raise damaged()


def read_workbook(source: IO[bytes]) -> Book:
    """Open an `.xlsx`; whatever is wrong with it is an Unreadable."""
    try:
        return Book("xlsx", tuple(Workbook(opened(source)).leaves()))
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001  zip, XML and openpyxl fail in a dozen ways; all of them mean the same to people
        raise damaged() from None
