"""What streams is what was read: no formula, no broken file, no digit lost, and the memory of one chunk."""

import csv
import tracemalloc
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from common.sheets import Sheet, cell_of, harmless, open_book, stream_csv, stream_xlsx
from common.sheets.stream import column_name

HARM = [
    *(
        "=1+1",
        "+6281234567890",
        "-2",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\u00a0=1",
        "＝1+1",
        "＋1",
        "－1",
        "＠A",
    ),
    '=HYPERLINK("http://a.example","b")',
    "=cmd|' /C calc'!A0",
]
ODD = ["a\x00b", "\x0bc", "\ufffe\uffff", "_x0041_", "]]>", "<b>&\"'", "a\r\nb", "é🙂\u202e", "x" * 10_000]
AT = datetime(2026, 10, 1, 3, tzinfo=UTC)


def workbook(rows: Sequence[Sequence[Any]], head: Sequence[str] = ("A",)) -> bytes:
    sheet = Sheet("A[b]:*?/\\'c&", head, [12] * len(head), "About", [("Who", "Sari & <co>"), ("Rows", "1")], "Sari", AT)
    return b"".join(stream_xlsx(sheet, [[[cell_of(value) for value in row] for row in rows]]))


@pytest.mark.parametrize("text", HARM)
def test_text_never_becomes_a_formula(text: str) -> None:
    assert harmless(text) == f"'{text}"
    whole = b"".join(stream_csv(["Nama"], [[[harmless(text)]]])).decode()
    assert [*csv.reader(StringIO(whole, newline=""))][1] == [f"'{text}"]
    cell = load_workbook(BytesIO(workbook([[text]]))).worksheets[0]["A2"]
    assert (cell.data_type, cell.value) == ("s", text)


@pytest.mark.parametrize("text", ["Siti", "A-1", "1=1", "", "a@b.example", "35.24.10.2009"])
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize("text", ODD)
def test_odd_text_breaks_no_file(text: str) -> None:
    data = workbook([[text], ["after"]])
    sheet = load_workbook(BytesIO(data)).worksheets[0]
    assert sheet["A3"].value == "after"
    assert "\x00" not in str(sheet["A2"].value)
    assert [line.cells for line in open_book(data).leaves[0].lines()][2] == ["after"]
    whole = b"".join(stream_csv(["A"], [[[harmless(text)], ["after"]]])).decode()
    assert "\x00" not in whole
    assert [*csv.reader(StringIO(whole, newline=""))][2] == ["after"]


def test_long_text_is_whole_up_to_what_a_cell_holds() -> None:
    sheet = load_workbook(BytesIO(workbook([["x" * 10_000], ["y" * 40_000]]))).worksheets[0]
    assert [len(sheet[place].value) for place in ("A2", "A3")] == [10_000, 32_767]


def test_values_are_cells_of_their_kind() -> None:
    values = [7, Decimal("1234567.89"), date(2026, 10, 1), datetime(2026, 10, 1, 9, 30), True, None, "0812"]  # noqa: DTZ001
    row = next(load_workbook(BytesIO(workbook([values], "ABCDEFG"))).worksheets[0].iter_rows(min_row=2))
    assert [cell.data_type for cell in row] == ["n", "n", "d", "d", "b", "n", "s"]
    assert row[2].value == datetime(2026, 10, 1)  # noqa: DTZ001
    assert row[3].value == datetime(2026, 10, 1, 9, 30)  # noqa: DTZ001
    assert (row[1].value, row[4].value, row[5].value) == (1234567.89, True, None)


def test_no_digit_of_money_is_lost() -> None:
    cell = load_workbook(BytesIO(workbook([[Decimal("1234567890123456.78")]]))).worksheets[0]["A2"]
    assert (cell.data_type, cell.value) == ("s", "1234567890123456.78")


def test_workbook_says_who_took_it() -> None:
    book = load_workbook(BytesIO(workbook([["a"]])))
    assert [sheet.title for sheet in book.worksheets] == ["Abc&", "About"]
    assert book.properties.creator == "Sari"
    assert book.worksheets[1]["B1"].value == "Sari & <co>"
    assert "Sari && <co>" in str(book.worksheets[0].oddFooter.left.text)
    assert (book.worksheets[0].freeze_panes, book.worksheets[0].auto_filter.ref) == ("A2", "A1:A2")


def test_file_is_whole_and_the_same_twice() -> None:
    one, two = workbook([["a"], ["b"]]), workbook([["a"], ["b"]])
    assert one == two
    assert ZipFile(BytesIO(one)).testzip() is None


@pytest.mark.parametrize(("index", "name"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA")])
def test_columns_are_named_as_spreadsheets_do(index: int, name: str) -> None:
    assert column_name(index) == name


def chunks(count: int) -> Iterator[list[list[str]]]:
    for _ in range(count):
        yield [[cell_of(f"Penenun {n}")] * 8 for n in range(500)]


def test_first_bytes_leave_before_the_rows_and_memory_stays_flat() -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        parts = stream_xlsx(Sheet("A", ["A"] * 8, [12] * 8, "About", [], "Sari", AT), chunks(count))
        assert next(parts)
        for _ in parts:
            pass
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    assert peak(60) < 1.5 * peak(6)
