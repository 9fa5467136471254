"""Tables that leave while they are read: CSV and workbooks row by row, with the memory of one chunk.

A workbook is written as a zip that nobody seeks in, so its first bytes leave before the last row is read.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import RawIOBase, StringIO
from typing import Any, Final
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from common.sheets.book import LOST

Chunk = Iterable[Sequence[Any]]
MOST_ROWS: Final = 1_000_000  # of one sheet; a workbook ends at 1,048,576
LONGEST_CELL: Final = 32_767  # signs, as spreadsheets count them
MOST_DIGITS: Final = 15  # of a number; a longer one is written as text, so that no digit is lost
EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001  spreadsheets know no zones
# What begins a formula somewhere: also after blanks, and in the wide signs of other keyboards.
FORMULA: Final = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")
ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
ESCAPED: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # what a spreadsheet would read as a sign of another kind
PLAIN, TEXT, DAY, MOMENT, NUMBER, HEAD = range(6)


@dataclass(frozen=True)
class Sheet:
    """What stands around the rows: titles, the heads of the columns with their widths, and the lines about it."""

    title: str
    head: Sequence[str]
    widths: Sequence[int]
    about_title: str
    about: Sequence[tuple[str, str]]
    by: str
    at: datetime


def stream_csv(head: Sequence[str], chunks: Iterable[Chunk]) -> Iterator[bytes]:
    """Write records as RFC 4180 has them, in UTF-8; texts come `harmless`."""
    yield _lines([head])
    for chunk in chunks:
        yield _lines(chunk)


def _lines(rows: Chunk) -> bytes:
    held = StringIO(newline="")
    csv.writer(held, lineterminator="\r\n").writerows(rows)
    return held.getvalue().encode("utf-8", "replace")


def harmless(value: Any) -> Any:
    """Put a ' before what a spreadsheet could take for a formula, and leave out NUL."""
    if not value or not isinstance(value, str):
        return value
    text = value.replace("\x00", LOST)
    return f"'{text}" if FORMULA.match(text) else text


class _Pipe(RawIOBase):
    """Holds what a zip wrote until it is taken."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        """Take bytes."""
        return True

    def write(self, data: Any) -> int:
        """Keep them."""
        self.parts.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """Give what is held, and hold it no longer."""
        held, self.parts = b"".join(self.parts), []
        return held


def stream_xlsx(sheet: Sheet, chunks: Iterable[Chunk]) -> Iterator[bytes]:
    """Write a workbook of one frozen, filtered sheet and one about it; the chunks hold cells, see `cell_of`."""
    pipe = _Pipe()
    with ZipFile(pipe, "w", ZIP_DEFLATED, compresslevel=3) as book:
        for name, text in _parts(sheet).items():
            book.writestr(_entry(name, sheet.at), text)
        rows = 1
        with book.open(_entry("xl/worksheets/sheet1.xml", sheet.at), "w") as leaf:
            leaf.write(_top(sheet).encode())
            yield pipe.taken()
            for chunk in chunks:
                written = ["".join(("<row>", *cells, "</row>")) for cells in chunk]
                rows += len(written)
                leaf.write("".join(written).encode("utf-8", "replace"))
                yield pipe.taken()
            leaf.write(_bottom(sheet, rows).encode())
    yield pipe.taken()


def text_cell(value: Any) -> str:
    """Write a text that stays one, whatever it begins with; signs that no sheet can hold are replaced."""
    text = ILLEGAL.sub(LOST, str(value))[:LONGEST_CELL]
    kept = escape(ESCAPED.sub("_x005F_", text)).replace("\r", "&#13;")
    return f'<c s="{TEXT}" t="inlineStr"><is><t xml:space="preserve">{kept}</t></is></c>'


def number_cell(value: Any) -> str:
    """Write a number; one with more digits than a spreadsheet keeps is a text."""
    if isinstance(value, Decimal) and len(value.normalize().as_tuple().digits) > MOST_DIGITS:
        return text_cell(f"{value:f}")
    return f'<c s="{NUMBER}"><v>{value}</v></c>'


def cell_of(value: Any) -> str:
    """Write any value as the kind of cell that it is."""
    match value:
        case None | "":
            return "<c/>"
        case bool():
            return f'<c t="b"><v>{int(value)}</v></c>'
        case int() | float() | Decimal():
            return number_cell(value)
        case datetime():
            return f'<c s="{MOMENT}"><v>{(value - EPOCH).total_seconds() / 86400:.10f}</v></c>'
        case date():
            return f'<c s="{DAY}"><v>{(value - EPOCH.date()).days}</v></c>'
        case _:
            return text_cell(value)


def _entry(name: str, at: datetime) -> ZipInfo:
    entry = ZipInfo(name, at.timetuple()[:6])
    entry.compress_type = ZIP_DEFLATED
    return entry


def column_name(index: int) -> str:
    """Name a column, counted from 1, as spreadsheets do: A, Z, AA."""
    name = ""
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def _head_cell(name: str) -> str:
    return text_cell(name).replace(f's="{TEXT}"', f's="{HEAD}"', 1)


def _columns(widths: Sequence[int]) -> str:
    inner = "".join(f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, width in enumerate(widths, 1))
    return f"<cols>{inner}</cols>"


def _top(sheet: Sheet) -> str:
    frozen = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    view = f'<sheetViews><sheetView tabSelected="1" workbookViewId="0">{frozen}</sheetView></sheetViews>'
    head = "".join(map(_head_cell, sheet.head))
    fit = '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
    return f"{XML}<worksheet {MAIN}>{fit}{view}{_columns(sheet.widths)}<sheetData><row>{head}</row>"


def _bottom(sheet: Sheet, rows: int) -> str:
    """Close the sheet: the filter over all of it, and on each printed page who took it and when."""
    where = f"A1:{column_name(max(len(sheet.head), 1))}{rows}"
    line = " · ".join(text for _name, text in sheet.about[:3])
    foot = escape(ILLEGAL.sub(LOST, line).replace("&", "&&"))[:200]
    setup = '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
    printed = f"<headerFooter><oddFooter>&amp;L{foot}&amp;R&amp;P / &amp;N</oddFooter></headerFooter>"
    return f'</sheetData><autoFilter ref="{where}"/>{setup}{printed}</worksheet>'


def _titled(title: str) -> str:
    """Leave out what the title of a sheet must not have."""
    return escape("".join(sign for sign in title if sign not in "[]:*?/\\'\"")[:31] or "Sheet")


def _parts(sheet: Sheet) -> Mapping[str, str]:
    """Write the small parts of the workbook; they stand before the rows."""
    lines = "".join(f"<row>{_head_cell(name)}{text_cell(text)}</row>" for name, text in sheet.about)
    about = f"{XML}<worksheet {MAIN}>{_columns((24, 80))}<sheetData>{lines}</sheetData></worksheet>"
    when = sheet.at.strftime("%Y-%m-%dT%H:%M:%SZ")
    names = (_titled(sheet.title), _titled(sheet.about_title))
    tabs = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
    return {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": RELATIONS,
        "docProps/core.xml": CORE.format(by=escape(ILLEGAL.sub(LOST, sheet.by)), when=when),
        "xl/workbook.xml": f"{XML}<workbook {MAIN} {LINKS}><sheets>{tabs}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": BOOK_RELATIONS,
        "xl/styles.xml": STYLES,
        "xl/worksheets/sheet2.xml": about,
    }


XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SCHEMAS = "http://schemas.openxmlformats.org"
_OFFICE = f"{_SCHEMAS}/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
MAIN: Final = f'xmlns="{_SCHEMAS}/spreadsheetml/2006/main"'
LINKS: Final = f'xmlns:r="{_OFFICE}"'
CONTENT_TYPES: Final = (
    f'{XML}<Types xmlns="{_SCHEMAS}/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet2.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    "</Types>"
)
RELATIONS: Final = (
    f'{XML}<Relationships xmlns="{_SCHEMAS}/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    f'<Relationship Id="rId2" Type="{_SCHEMAS}/package/2006/relationships/metadata/core-properties"'
    ' Target="docProps/core.xml"/></Relationships>'
)
BOOK_RELATIONS: Final = (
    f'{XML}<Relationships xmlns="{_SCHEMAS}/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/worksheet" Target="worksheets/sheet2.xml"/>'
    f'<Relationship Id="rId3" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
)
CORE: Final = (
    f'{XML}<cp:coreProperties xmlns:cp="{_SCHEMAS}/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:creator>{by}</dc:creator>'
    '<dcterms:created xsi:type="dcterms:W3CDTF">{when}</dcterms:created></cp:coreProperties>'
)
# In the order of PLAIN, TEXT, DAY, MOMENT, NUMBER, HEAD.
STYLES: Final = (
    f"{XML}<styleSheet {MAIN}>"
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="d/m/yyyy"/>'
    '<numFmt numFmtId="165" formatCode="d/m/yyyy\\ hh:mm"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="6">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"'
    ' applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
