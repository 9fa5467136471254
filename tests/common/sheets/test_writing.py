"""What is written can be opened by anyone, nothing in it runs, no digit is lost, and memory stays that of one row."""

import csv
import os
import tempfile
import tracemalloc
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from common.sheets import (
    Shown,
    Tab,
    harmless,
    open_book,
    stream_csv,
    stream_tabs,
    sweep_unfinished,
    write_csv,
    write_steady,
    write_tabs,
    write_xlsx,
)
from common.sheets.cells import Value

AT = datetime(2026, 10, 1, 3, tzinfo=UTC)
SIGNS = ["=1+1", "+6281234567890", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1"]
HARM = [*SIGNS, "＝1+1", "＋1", "－1", "＠A", '=HYPERLINK("http://a.example","b")', "=cmd|' /C calc'!A0"]
ODD = ["a\x00b", "\x0bc", "\ufffe\uffff", "\ud800", "_x0041_", "]]>", "<b>&\"'", "a\r\nb", "é🙂\u202e", "x" * 10_000]


def column(*values: Any) -> Any:
    """Write a column and open it as a spreadsheet does."""
    return load_workbook(BytesIO(write_xlsx(["A"], [[value] for value in values], title="A"))).worksheets[0]


@pytest.mark.parametrize("text", HARM)
def test_text_never_becomes_a_formula(text: str) -> None:
    sheet = load_workbook(BytesIO(write_xlsx([text], [[text]], title="A[b]:*?/\\'c"))).worksheets[0]
    for place in ("A1", "A2"):
        assert sheet[place].data_type == "s"
        assert sheet[place].value == text.replace("\r", "\n")
    assert harmless(text) == f"'{text}"
    for_people = "".join(write_csv(["Nama"], [[text]])).removeprefix("\ufeff")
    assert [*csv.reader(StringIO(for_people, newline=""), delimiter=";")][1] == [f"'{text}"]
    for_programs = b"".join(stream_csv(["Nama"], [[[harmless(text)]]])).decode()
    assert [*csv.reader(StringIO(for_programs, newline=""))][1] == [f"'{text}"]


@pytest.mark.parametrize("text", ["Siti", "A-1", "1=1", "", "a@b.example", "35.24.10.2009"])
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize("text", ["#N/A", "#REF!"])
def test_text_never_becomes_an_error(text: str) -> None:
    assert (column(text)["A2"].data_type, column(text)["A2"].value) == ("s", text)


@pytest.mark.parametrize("text", ODD)
def test_odd_text_breaks_no_file(text: str) -> None:
    data = write_xlsx(["A"], [[text], ["after"]], title="A")
    sheet = load_workbook(BytesIO(data)).worksheets[0]
    assert sheet["A3"].value == "after"
    assert "\x00" not in str(sheet["A2"].value)
    assert [line.cells for line in open_book(data).leaves[0].lines()][2] == ["after"]
    whole = b"".join(stream_csv(["A"], [[[harmless(text)], ["after"]]])).decode()
    assert "\x00" not in whole
    assert [*csv.reader(StringIO(whole, newline=""))][2] == ["after"]


def test_long_text_is_whole_up_to_what_a_cell_holds() -> None:
    sheet = column("x" * 10_000, "y" * 40_000)
    assert [len(sheet[place].value) for place in ("A2", "A3")] == [10_000, 32_767]


def test_values_are_cells_of_their_kind() -> None:
    moment = datetime(2026, 10, 1, 9, 30)  # noqa: DTZ001  spreadsheets know no zones
    values = [7, Decimal("1234567.89"), date(2026, 10, 1), moment, True, None, "", "0812", time(9, 30), 0]
    sheet = column(*values)
    cells = [cell for (cell,) in sheet.iter_rows(min_row=2)]
    assert [cell.data_type for cell in cells] == ["n", "n", "d", "d", "b", "n", "n", "s", "d", "n"]
    assert [cells[place].value for place in (1, 3, 4, 5, 7, 8, 9)] == [
        *(1234567.89, moment, True, None, "0812", time(9, 30), 0),
    ]
    assert [cells[place].number_format for place in (2, 3, 7)] == ["d/m/yyyy", "d/m/yyyy hh:mm", "@"]


@pytest.mark.parametrize("value", [Decimal("1234567890123456.78"), 1234567890123456789, Decimal("-0.1234567890123456")])
def test_no_digit_of_a_number_is_lost(value: Decimal | int) -> None:
    cell = column(value)["A2"]
    assert (cell.data_type, cell.value) == ("s", str(value))


@pytest.mark.parametrize("value", [Decimal(999999999999999), 10**18, Decimal("5E+3"), Decimal("0.000001")])
def test_numbers_that_a_spreadsheet_keeps_are_numbers(value: Decimal | int) -> None:
    assert (column(value)["A2"].data_type, Decimal(str(column(value)["A2"].value))) == ("n", Decimal(value))


def test_workbook_has_a_frozen_filtered_head_and_real_days() -> None:
    data = write_xlsx(["Nama", "Lahir", "Jumlah"], [["Siti\x0b", date(1985, 5, 12), 3], [None, None, None]], title="")
    sheet = load_workbook(BytesIO(data)).worksheets[0]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A2", "A1:C3", "$1:$1")
    assert sheet["B2"].is_date
    assert [*open_book(data).leaves[0].lines()][1].cells == ["Siti\ufffd", "1985-05-12", "3"]


def test_empty_table_is_a_head() -> None:
    sheet = load_workbook(BytesIO(write_xlsx(["Nama"], [], title="A"))).worksheets[0]
    assert (sheet.max_row, sheet.auto_filter.ref) == (1, "A1:A1")


def test_csv_is_read_back_as_it_was() -> None:
    rows: list[list[Value]] = [["Renée", "a;b", 3], ["x", None, "y\nz"]]
    data = "".join(write_csv(["A", "B", "C"], rows)).encode()
    assert [line.cells for line in open_book(data).leaves[0].lines()] == [
        ["A", "B", "C"],
        ["Renée", "a;b", "3"],
        ["x", "", "y\nz"],
    ]


def test_tabs_hold_typed_cells_with_their_patterns() -> None:
    figures = Tab("Angka", ("Nama", "Nilai"), [["=1", Shown(Decimal("1500.50"), "#,##0.00")], ["Hari", None]], (30, 20))
    days = Tab("Hari", ("Hari",), [[Shown(date(2026, 9, 1), "d mmmm yyyy")]])
    first, second = load_workbook(BytesIO(write_tabs([figures, days]))).worksheets
    assert (first.title, first["A2"].value, first["B2"].value, first["B3"].value) == ("Angka", "=1", 1500.5, None)
    assert first["A2"].data_type == "s"
    assert first["B2"].number_format == "#,##0.00"
    assert first.column_dimensions["A"].width == 30
    assert second["A2"].is_date
    assert second["A2"].number_format == "d mmmm yyyy"


def test_workbook_says_who_took_it_and_prints_it_on_each_page() -> None:
    tab = Tab("A[b]:*?/\\'c&", ["A"], [["a"]], [12], "Sari & <co>")
    data = b"".join(stream_tabs([tab, Tab("About", ["Who"], [["Sari & <co>"]])], by="Sari\x0b", at=AT))
    assert ZipFile(BytesIO(data)).testzip() is None
    book = load_workbook(BytesIO(data))
    assert [sheet.title for sheet in book.worksheets] == ["Abc&", "About"]
    assert (book.properties.creator, book.properties.created) == ("Sari\ufffd", AT.replace(tzinfo=None))
    assert book.worksheets[1]["A2"].value == "Sari & <co>"
    printed = book.worksheets[0]
    assert "Sari && <co>" in str(printed.oddFooter.left.text)
    assert (printed.page_setup.orientation, printed.page_setup.fitToHeight) == ("landscape", 0)
    assert printed.sheet_properties.pageSetUpPr.fitToPage


def test_steady_workbook_is_the_same_bytes_for_the_same_rows() -> None:
    def steady(at: datetime, text: str = "a") -> bytes:
        held = BytesIO()
        write_steady(held, [Tab("A", ["A"], [[text]], freeze="B2")], at=at)
        return held.getvalue()

    assert steady(AT) == steady(AT)
    assert steady(AT) != steady(AT, "b")
    book = load_workbook(BytesIO(steady(AT)))
    assert (book.properties.created, book.worksheets[0].freeze_panes) == (AT.replace(tzinfo=None), "B2")


def rows(count: int) -> Iterator[Sequence[str]]:
    for number in range(count):
        yield [f"Penenun {number}"] * 4


def test_memory_stays_flat() -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        for _ in stream_tabs([Tab("A", ["A"] * 4, rows(count), [12] * 4)], by="Sari", at=AT):
            pass
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    peak(10)
    assert peak(4_000) < 1.5 * peak(400)


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give temporary files a folder of their own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_nothing_is_left_behind(room: Path) -> None:
    def breaks() -> Iterator[Sequence[str]]:
        yield ["a"]
        raise ZeroDivisionError

    for _ in stream_tabs([Tab("A", ["A"], [["a"]])], by="Sari", at=AT):
        pass
    with pytest.raises(ZeroDivisionError):
        list(stream_tabs([Tab("A", ["A"], breaks())], by="Sari", at=AT))
    assert not [*room.iterdir()]


def test_what_a_killed_writer_left_is_swept_a_day_later(room: Path) -> None:
    for name, age in {"openpyxl.old": 2, "openpyxl.new": 0, "other": 2}.items():
        (room / name).write_text("Siti", encoding="utf-8")
        os.utime(room / name, (AT.timestamp(), AT.timestamp() - age))
    moment = datetime.fromtimestamp(AT.timestamp() - 1, tz=UTC)
    assert sweep_unfinished(before=moment) == 1
    assert {path.name for path in room.iterdir()} == {"openpyxl.new", "other"}
