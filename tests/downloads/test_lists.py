"""Every table: read from the database as it stands, safe whatever people wrote, without a number or a way in."""

import csv
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.db import models
from django.utils import translation
from openpyxl import load_workbook

from accounts.models import User
from downloads.columns import Asked, Column, Kind, Table
from downloads.lists import TABLES
from downloads.states import Form
from downloads.writing import Taken, written
from programs.models import Cohort
from tests import factories

ALL = [pytest.param(table, id=key) for key, table in TABLES.items()]
READ = [param for param in ALL if not TABLES[str(param.id)].counted]
AT = datetime(2026, 10, 1, 3, tzinfo=UTC)
TAKEN = Taken(by="=Sari & <co>", at=AT, rows=1)
HARM = ["=1+1", "+62812", "@A1", "\t=1", " -1", "a\x0bb\ufffe", "_x0041_", "<b>]]>", "x" * 10_000, "a\x00b"]
SECRET = re.compile(r"(^|__|_)(phone|sender|token|password|payload|context|provider_id|event_id|calendar_version)$")
TYPES: dict[Kind, Callable[[str], Any]] = {
    Kind.TEXT: str,
    Kind.KEY: lambda _text: 7,
    Kind.NUMBER: lambda _text: 7,
    Kind.DAY: lambda _text: date(2026, 10, 1),
    Kind.MOMENT: lambda _text: AT,
    Kind.YES_NO: lambda _text: True,
    Kind.CHOICE: str,
    Kind.LIST: lambda text: [text, text],
}


def value_for(table: Table, path: str, text: str) -> Any:
    """Make a value as the column of this path would read it."""
    if (path.endswith(("level", "kind")) and "parent" in table.paths) or path.endswith("__level"):
        return 4 if path.endswith("level") else "desa"
    if path.endswith("kind") and any(other.endswith("parent__kind") for other in table.paths):
        return "kecamatan" if "parent" in path else "desa"
    columns = [column for column in table.columns if column.reads[:1] == (path,) or path in column.reads]
    if path in {column.zone for column in table.columns}:
        return "Asia/Makassar"
    if any(column.expression is not None and column.compose for column in columns):
        return [3]
    if any(len(column.reads) == 2 for column in columns):
        return AT
    return TYPES[columns[0].kind](text)


def harmed(table: Table, text: str) -> list[tuple[Any, ...]]:
    """Make a row in which everybody wrote the same."""
    if table.counted:
        return [tuple(TYPES[column.kind](text) for column in table.columns)]
    return [tuple(value_for(table, path, text) for path in table.paths)]


def as_csv(table: Table, rows: list[tuple[Any, ...]]) -> list[list[str]]:
    whole = b"".join(written(table, [rows], form=Form.CSV, taken=TAKEN)).decode()
    return list(csv.reader(StringIO(whole, newline="")))


def as_sheet(table: Table, rows: list[tuple[Any, ...]]) -> Any:
    return load_workbook(BytesIO(b"".join(written(table, [rows], form=Form.XLSX, taken=TAKEN)))).worksheets[0]


@pytest.mark.parametrize("table", ALL)
@pytest.mark.parametrize("text", HARM, ids=range(len(HARM)))
def test_nothing_that_people_wrote_runs_or_breaks_a_file(table: Table, text: str) -> None:
    head, row = as_csv(table, harmed(table, text))
    assert head == table.names
    assert len(row) == len(head)
    assert not [cell for cell in row if re.match(r"\s*[=+\-@\t\r]", cell) or "\x00" in cell]
    sheet = as_sheet(table, harmed(table, text))
    cells = next(sheet.iter_rows(min_row=2))
    assert not [cell for cell in cells if cell.data_type in {"f", "e"}]
    if text.startswith("x") and any(column.kind == Kind.TEXT and not column.compose for column in table.columns):
        assert max(len(str(cell.value)) for cell in cells) >= 10_000


def _fields(table: Table) -> list[tuple[Column, str]]:
    return [(column, path) for column in table.columns for path in column.reads]


@pytest.mark.parametrize("table", ALL)
def test_no_column_holds_a_number_or_a_way_in(table: Table) -> None:
    assert not [path for _column, path in _fields(table) if SECRET.search(path)]
    names = set(table.names)
    assert not names & {"phone", "sender", "token", "password", "payload", "provider_id", "text", "email"}
    if table.key in {"contact-point", "person", "message", "reply"}:
        assert "number" not in names
    assert not [path for path in table.paths if "contact_point__" in path]


@pytest.mark.parametrize("table", ALL)
def test_columns_have_names_of_their_own_and_headings(table: Table) -> None:
    assert len(set(table.names)) == len(table.names)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in table.names)
    for language in ("id", "en"):
        with translation.override(language):
            assert table.name
            assert all(column.title for column in table.columns)


@pytest.mark.parametrize("table", ALL)
def test_order_ends_with_the_key(table: Table) -> None:
    assert table.order[-1].lstrip("-") in {"pk", table.model._meta.pk.name}


@pytest.mark.django_db
@pytest.mark.parametrize("table", ALL)
def test_table_is_read_from_the_database(table: Table, admin: User, cohort: Cohort) -> None:
    factories.reachable_person(cohort.village)
    factories.EnrollmentFactory.create(cohort=cohort)
    made = MADE.get(table.key)
    row = made() if made else None
    found = [*table.read(table.rows(Asked(admin), at=AT), asked=Asked(admin), at=AT, given={})]
    lines = as_csv(table, [each for chunk in found for each in chunk]) if found else [table.names]
    assert lines[0] == table.names
    assert row is None or str(row.pk) in {cell for line in lines[1:] for cell in line[:1]}


MADE: dict[str, Callable[[], models.Model]] = {
    "business-unit": lambda: factories.LicenceFactory.create().business_unit,
    "sample": factories.SampleFactory.create,
    "shipment": factories.ShipmentFactory.create,
    "scheme": factories.SchemeFactory.create,
    "claim": lambda: factories.ClaimDocumentFactory.create().claim,
    "buyer": factories.BuyerFactory.create,
    "lead": factories.LeadFactory.create,
    "transaction": lambda: factories.TransactionDocumentFactory.create().transaction,
    "figure": factories.RegionFigureFactory.create,
    "visit": factories.VisitFactory.create,
}


@pytest.mark.django_db
def test_people_read_words_and_programs_read_values(admin: User, cohort: Cohort) -> None:
    factories.SessionFactory.create(program=cohort.program, cohorts=[cohort], starts_at=AT, state="scheduled")
    table = TABLES["session"]
    rows = [
        row
        for chunk in table.read(table.rows(Asked(admin), at=AT), asked=Asked(admin), at=AT, given={})
        for row in chunk
    ]
    told = dict(zip(*as_csv(table, rows), strict=True))
    assert (told["state"], told["starts_at"], told["nobody_came"]) == ("scheduled", "2026-10-01T03:00:00Z", "false")
    assert (told["cohorts"], told["program"]) == (str(cohort.pk), str(cohort.program_id))
    with translation.override("en"):
        sheet = as_sheet(table, rows)
    head, cells = ([cell.value for cell in line] for line in sheet.iter_rows())
    shown = dict(zip(head, cells, strict=True))
    assert shown["State"] == "Scheduled"
    assert shown["Program"] == cohort.program.name
    assert shown["Starts at"] == datetime(2026, 10, 1, 10)  # noqa: DTZ001  by the clock of the place
    assert "ID" not in shown


@pytest.mark.django_db
def test_place_reads_as_its_row_does(admin: User, cohort: Cohort) -> None:
    table = TABLES["village"]
    rows = [
        row
        for chunk in table.read(table.rows(Asked(admin), at=AT), asked=Asked(admin), at=AT, given={})
        for row in chunk
    ]
    told = dict(zip(*as_csv(table, rows), strict=True))
    assert told["place"] == cohort.village.place
