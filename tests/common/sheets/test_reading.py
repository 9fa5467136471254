"""Any file is read as it stands, or refused in one sentence; never a crash, never other rows."""

import random
import time
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.utils import translation
from openpyxl import Workbook

from common.sheets import LARGEST, Line, Unreadable, open_book
from common.sheets.workbook import _nodes
from tests.programs.intake.lists import HEAD, as_openpyxl_reads, damaged, part, people, repacked, text, xlsx


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Speak English in this thread."""
    with translation.override("en"):
        yield


def read(data: bytes) -> list[Line]:
    return [*open_book(data).leaves[0].lines()]


def refusal(data: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        [*open_book(data).leaves[0].lines()]
    return str(refused.value.messages[0])


# -- Workbooks --------------------------------------------------------------------------------------------------------


def test_workbook_gives_text_with_the_rows_people_see() -> None:
    data = xlsx([[], ["Nama", "HP"], [], ["Siti", 81234567890.0], [None, "0812"]])
    assert read(data) == [Line(2, ["Nama", "HP"]), Line(4, ["Siti", "81234567890"]), Line(5, ["", "0812"])]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (True, "TRUE"),
        (35.24, "35.24"),
        (8.123e10, "81230000000"),
        (date(1985, 5, 12), "1985-05-12"),
        (datetime(1985, 5, 12, 7, 30), "1985-05-12 07:30:00"),  # noqa: DTZ001  as sheets keep it
        ("#REF!", "#REF!"),
        ("  Siti\nAminah ", "  Siti\nAminah "),
        ("x" * 1200, f"{'x' * 1000}…"),
    ],
)
def test_cell_is_written_as_text(value: Any, said: str) -> None:
    assert read(xlsx([["a", value]]))[0].cells[1] == said


def test_formula_gives_its_value_and_says_when_it_has_none() -> None:
    data = xlsx([["=1+1", "Siti"]])
    assert read(data)[0].cells == ["#FORMULA!", "Siti"]
    sheet = part(data, "xl/worksheets/sheet1.xml").replace(b"<v />", b"<v>2</v>").replace(b"<v></v>", b"<v>2</v>")
    assert read(repacked(data, sheet1=sheet))[0].cells == ["2", "Siti"]


def test_dimension_that_lies_hides_no_row() -> None:
    data = xlsx([HEAD, *people(300)])
    sheet = part(data, "xl/worksheets/sheet1.xml")
    lying = sheet.replace(b'<dimension ref="A1:H301"', b'<dimension ref="A1:B2"')
    assert lying != sheet
    assert len(read(repacked(data, sheet1=lying))) == 301


def test_sheets_come_in_order_and_hidden_ones_last() -> None:
    book = Workbook()
    hidden = book.active
    assert hidden is not None
    hidden.title, hidden.sheet_state = "Rahasia", "hidden"
    book.create_sheet("Peserta").append(["Nama"])
    stream = BytesIO()
    book.save(stream)
    assert [leaf.title for leaf in open_book(stream.getvalue()).leaves] == ["Peserta", "Rahasia"]


def test_damaged_workbook_gives_the_same_rows_or_is_refused() -> None:
    dice, refused, same = random.Random(40), 0, 0  # noqa: S311
    whole = xlsx([HEAD, *people(60)])
    for _ in range(150):
        broken = damaged(whole, dice)
        try:
            found = read(broken)
        except Unreadable:
            refused += 1
            continue
        assert found == as_openpyxl_reads(whole)
        same += 1
    assert refused > 100, (refused, same)


def test_workbook_whose_parts_are_gone_is_refused() -> None:
    data, stream = xlsx([HEAD, *people(3)]), BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(stream, "w") as new:
        for name in old.namelist():
            if "styles" not in name:
                new.writestr(name, old.read(name))
    assert "damaged" in refusal(stream.getvalue())


# -- Bombs ------------------------------------------------------------------------------------------------------------


def sheet_of(body: bytes) -> bytes:
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return repacked(xlsx([["Nama"]]), sheet1=head + body + b"</sheetData></worksheet>")


ZEROS = b"<!-- " + b"0" * (201 * 1024 * 1024) + b" -->"
BOMBS = {
    "much of nothing": lambda: sheet_of(ZEROS),
    "cells without end": lambda: sheet_of(b'<row r="1">' + b"<c/>" * 5_000_000 + b"</row>"),
    "rows without end": lambda: sheet_of(b"<row/>" * 2_000_000),
    "a row at the end of the world": lambda: sheet_of(b'<row r="999999999"><c r="A999999999"><v>1</v></c></row>'),
    "a column far out": lambda: sheet_of(b'<row r="1"><c r="XFD1"><v>1</v></c></row>'),
    "entities": lambda: repacked(
        xlsx([["Nama"]]), sheet1=b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>'
    ),
    "nesting in a formula": lambda: sheet_of(b'<row r="1">' + b"<a>" * 900_000 + b"</a>" * 900_000 + b"</row>"),
    "rows backwards": lambda: sheet_of(b'<row r="2"/><row r="1"/>'),
    "texts without end": lambda: repacked(xlsx([["Nama"]]), styles=b"<a>" + b" " * (9 * 1024 * 1024) + b"</a>"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bomb_is_refused_in_time(name: str) -> None:
    data, began = BOMBS[name](), time.monotonic()
    assert refusal(data)
    assert time.monotonic() - began < 10


def test_nesting_is_given_up_long_before_it_fills_the_memory() -> None:
    deep = BytesIO(b"<a>" * 900_000)
    with pytest.raises(Unreadable):
        next(_nodes(deep, "row", "sheetData"))
    assert deep.tell() < 1024 * 1024


def test_many_parts_are_refused() -> None:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as package:
        for number in range(2_100):
            package.writestr(f"xl/{number}.xml", b"<a/>")
    assert "unpacks to more" in refusal(stream.getvalue())


# -- What it is, is told by its content -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Save as .xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"<html><table><tr><td>Nama</td></tr></table></html>", "web page"),
        (b"<?xml version='1.0'?><Workbook/>", "web page"),
        (b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", ".ods"),
        (b"7z\xbc\xaf\x27\x1c", "archive"),
        (bytes(range(1, 9)) * 100, "not a table"),
        (b"x" * (LARGEST + 1), "20 MB"),
    ],
)
def test_other_files_are_refused_with_what_to_do(data: bytes, word: str) -> None:
    assert word in refusal(data)


def test_macros_and_documents_are_refused() -> None:
    data = xlsx([["Nama"]])
    types = part(data, "[Content_Types].xml").replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    stream = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, types if name == "[Content_Types].xml" else old.read(name))
    assert ".xlsm" in refusal(stream.getvalue())
    stream = BytesIO()
    with ZipFile(stream, "w") as new:
        new.writestr("word/document.xml", b"<a/>")
    assert "document" in refusal(stream.getvalue())


# -- Text -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_text_is_read_whatever_wrote_it(encoding: str, separator: str) -> None:
    rows = [("Nama", "L/P", "Dusun"), *[("Renée Müller", "P", "Krajan"), ("Siti", "P", "Wedi")] * 5]
    assert [line.cells for line in read(text(rows, separator, encoding))] == [list(row) for row in rows]


def test_text_keeps_quotes_and_breaks_and_counts_rows_as_excel() -> None:
    data = b'sep=,\r\nNama,HP\r\n\r\n"Aminah, Siti","0812\r\n3456"\r\n"Joko ""Jo"" S",x\r\n'
    assert read(data) == [
        Line(1, ["Nama", "HP"]),
        Line(3, ["Aminah, Siti", "0812\r\n3456"]),
        Line(4, ['Joko "Jo" S', "x"]),
    ]


def test_quote_that_does_not_close_names_its_row() -> None:
    assert "row 2" in refusal(b'Nama;HP\r\nSiti;1\r\n"Joko;2\r\nAni;3\r\n')


def test_damaged_text_never_crashes_and_shows_what_was_lost() -> None:
    dice, whole = random.Random(41), text([HEAD, *people(60)], encoding="utf-8-sig")  # noqa: S311
    for _ in range(100):
        try:
            found = read(damaged(whole, dice))
        except Unreadable:
            continue
        assert all(isinstance(cell, str) and "\0" not in cell for line in found for cell in line.cells)
    assert read(whole.replace(b"Krajan", b"Kra\xe9an"))[1:][0].cells  # readable, and marked below
    marked = [
        line for line in read(whole.replace(b"Krajan", b"Kra\xe9an")) if any("\ufffd" in cell for cell in line.cells)
    ]
    assert marked


def test_too_many_rows_and_columns_are_said() -> None:
    assert "100,000" in refusal(b"Nama;HP\r\n" + b"Siti;0812\r\n" * 100_200)
    assert "100 columns" in refusal(b";".join(b"x" for _ in range(150)) + b"\r\n" + b"a;b\r\n")
