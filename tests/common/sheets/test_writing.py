"""What is written can be opened by anyone, and nothing in it runs."""

import csv
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from common.sheets import Shown, Tab, open_book, write_csv, write_tabs, write_xlsx
from common.sheets.writing import Value

HARM = ["=1+1", "+6281234567890", "-2", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://a.example","b")']


@pytest.mark.parametrize("text", HARM)
def test_text_never_becomes_a_formula(text: str) -> None:
    sheet = load_workbook(BytesIO(write_xlsx([text], [[text]], title="A[b]:*?/\\c"))).worksheets[0]
    for place in ("A1", "A2"):
        assert sheet[place].data_type == "s"
        assert str(sheet[place].value).strip() == text.strip()
    whole = "".join(write_csv(["Nama"], [[text]])).removeprefix("\ufeff")
    assert [*csv.reader(StringIO(whole, newline=""), delimiter=";")][1] == [f"'{text}"]


def test_workbook_has_a_frozen_filtered_head_and_real_days() -> None:
    data = write_xlsx(["Nama", "Lahir", "Jumlah"], [["Siti\x0b", date(1985, 5, 12), 3], [None, None, None]], title="")
    sheet = load_workbook(BytesIO(data)).worksheets[0]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:C3")
    assert sheet["B2"].is_date
    assert [*open_book(data).leaves[0].lines()][1].cells == ["Siti\ufffd", "1985-05-12", "3"]


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
