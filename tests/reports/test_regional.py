"""The monthly report of a region: one reckoning, three faces with equal figures, for exactly who oversees it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.models import User
from programs.models import Cohort, Program
from reports.cells import Cell, Kind
from reports.reading import Reading, changes, read
from reports.regional import Subject, digest, reckon
from tests import factories
from tests.factories import EDITIONS, NOW
from tests.reports.world import lay_september
from villages.models import Region, Village

pytestmark = [pytest.mark.usefixtures("clock"), pytest.mark.django_db]

SEPTEMBER = date(2026, 9, 1)


@pytest.fixture
def lamongan(region: Region) -> Region:
    return Region.objects.get(pk="35.24")


@pytest.fixture
def facts(cohort: Cohort, lamongan: Region) -> dict[str, Any]:
    lay_september(cohort)
    return reckon(Subject(lamongan, cohort.program, SEPTEMBER), EDITIONS, at=NOW)


def address(program: Program | None, kind: str = "/", month: str = "2026-09", region: str = "35.24") -> str:
    return f"/reports/regions{kind}?region={region}&program={program.pk if program else ''}&month={month}"


def figures(reading: Reading) -> dict[str, Any]:
    return {key: line.cell.value for key, (_group, line) in reading.lines.items()}


def test_facts_tell_the_month(facts: dict[str, Any]) -> None:
    told = figures(read(facts))
    assert told == {
        "desa_devisa": 1,
        "candidates": 0,
        "out": 0,
        "trained": 3,
        "women": 2,
        "share": 66,
        "delivered": 3,
        "planned": 3,
        "attendance": 100,
        "commitment": 100,
        "approved": 1,
        "pending": 1,
        "visited": 1,
        "unvisited": 0,
        "open": 2,
        "within_30": 2,
        "within_60": 0,
        "within_90": 0,
        "older": 0,
        "overdue": told["overdue"],
        "committed": Decimal(800000),
        "committed_count": 1,
        "paid": Decimal(800000),
        "paid_count": 1,
        "open_count": told["open_count"],
        "days_to_pay": told["days_to_pay"],
        "verified": Decimal("187500000.50"),
        "reported": Decimal(13950000),
        "count_verified": 2,
        "count_reported": 1,
        "new_exporters": 2,
    }


def test_candidates_and_desa_devisa_are_never_one_number(lamongan: Region, program: Program) -> None:
    for place, stage in enumerate(("identified", "assessed", "designated", "independent", "deferred"), 2001):
        region = factories.lay_region(f"35.24.11.{place}")
        factories.CohortFactory.create(program=program, village__region=region, village__stage=stage)
    told = figures(read(reckon(Subject(lamongan, program, SEPTEMBER), EDITIONS, at=NOW)))
    assert (told["desa_devisa"], told["candidates"], told["out"]) == (2, 2, 1)


def test_households_and_people_are_not_named_in_facts(facts: dict[str, Any]) -> None:
    kept = str(facts)
    assert "Weavers of Parengan" in kept
    assert "Bu Lidia" not in kept
    exporters = next(table for group in read(facts).groups for table in group.tables if table.key == "exporters")
    assert [row[0].text for row in exporters.rows] == ["Weavers of Parengan", "Household business"]


def test_published_figures_stand_side_by_side(facts: dict[str, Any]) -> None:
    (table,) = read(facts).groups[-1].tables
    rows = [[cell.text for cell in row] for row in table.rows]
    assert [(row[0], row[1], row[-1]) for row in rows] == [
        ("1 January – 31 December 2022", "Rp107.530.000.000", "BPS"),
        ("1 January – 31 December 2021", "Rp1.800.000.000.000", "Disperindag"),
    ]


def test_figures_taken_back_and_of_later_times_are_left_out(lamongan: Region, admin: User) -> None:
    factories.RegionFigureFactory.create(withdrawn_at=NOW, withdrawn_by=admin)
    factories.RegionFigureFactory.create(starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 31))
    assert reckon(Subject(lamongan, None, SEPTEMBER), EDITIONS, at=NOW)["published"] == []


def test_region_is_its_subtree_and_program_its_cohorts(
    facts: dict[str, Any], cohort: Cohort, elsewhere: Village
) -> None:
    java, lombok = Region.objects.get(pk="35"), Region.objects.get(pk="52")
    other = factories.CohortFactory.create(village=elsewhere)
    same = reckon(Subject(java, cohort.program, SEPTEMBER), EDITIONS, at=NOW)
    assert same["outcomes"] == facts["outcomes"]
    assert figures(read(reckon(Subject(lombok, None, SEPTEMBER), EDITIONS, at=NOW)))["verified"] == 0
    whole = figures(read(reckon(Subject(None, None, SEPTEMBER), EDITIONS, at=NOW)))
    assert (whole["desa_devisa"], whole["verified"]) == (2, Decimal("187500000.50"))
    none = figures(read(reckon(Subject(java, other.program, SEPTEMBER), EDITIONS, at=NOW)))
    assert (none["trained"], none["verified"], none["desa_devisa"]) == (0, 0, 0)


def test_month_is_that_of_the_region(region: Region) -> None:
    east = factories.lay_region("94.01.01.2001")
    assert Subject(east, None, SEPTEMBER).period.start == datetime(2026, 8, 31, 15, tzinfo=UTC)
    assert Subject(None, None, SEPTEMBER).period.start == datetime(2026, 8, 31, 17, tzinfo=UTC)


def test_facts_survive_the_database_and_keep_their_fingerprint(facts: dict[str, Any]) -> None:
    shuffled = dict(reversed(facts.items()))
    assert digest(shuffled) == digest(facts)
    assert digest({**facts, "over": not facts["over"]}) != digest(facts)


def text_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def sheets_of(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = load_workbook(BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def test_page_paper_and_spreadsheet_say_the_same(
    client: Client, sari: User, facts: dict[str, Any], program: Program
) -> None:
    client.force_login(sari)
    page = " ".join(client.get(address(program)).content.decode().split())
    printed = text_of(client.get(address(program, ".pdf")).content)
    sheets = sheets_of(client.get(address(program, ".xlsx")).content)
    with translation.override("id"):
        reading = read(facts)
        first = next(iter(sheets.values()))
        assert len(first) == 1 + len(reading.lines)
        typed = {(row[0], row[1]): row[2] for row in first[1:]}
        for key, (group, line) in reading.lines.items():
            value = typed[group.title, line.label]
            _equal(line.cell, value)
            assert f'data-figure="{key}">{line.cell.text}<' in page
            assert line.cell.text in printed
        tables = [table for group in reading.groups for table in group.tables]
        for table in tables:
            rows = sheets[table.title[:31]][1:]
            assert len(rows) == len(table.rows)
            for row, kept in zip(table.rows, rows, strict=True):
                for cell, value in zip(row, kept, strict=True):
                    assert cell.text in page
                    assert cell.text.split()[0] in printed
                    _equal(cell, value)


def _equal(cell: Cell, value: Any) -> None:
    if isinstance(cell.value, Decimal):
        assert value == pytest.approx(float(cell.value))
    elif cell.kind == Kind.DAY:
        assert value.date() == cell.value
    else:
        assert value == cell.value


def test_spreadsheet_has_types_and_no_formula(client: Client, sari: User, cohort: Cohort) -> None:
    unit = lay_september(cohort)
    factories.TransactionFactory.create(
        business_unit=unit, state="verified", exported_on=date(2026, 9, 2), product='=HYPERLINK("http://a.example")'
    )
    client.force_login(sari)
    answer = client.get(address(cohort.program, ".xlsx"))
    assert answer["Cache-Control"] == "no-store"
    book = load_workbook(BytesIO(answer.content))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n", "d"}
    whole, parts = ({cell.number_format for cell in cells if cell.value == value} for value in (800000, 1500000.5))
    assert (whole, parts) == ({"#,##0"}, {"#,##0.00"})


def test_empty_month_says_so_in_words(reader: Client, sari: User, cohort: Cohort) -> None:
    reader.force_login(sari)
    page = reader.get(address(cohort.program, month="2026-02")).content.decode()
    for sentence in ("No verified export yet.", "No visit was recorded", "No published figure is kept"):
        assert sentence in page
    assert "None" not in page
    assert text_of(reader.get(address(cohort.program, ".pdf", "2026-02")).content)


def test_report_opens_for_who_oversees(
    client: Client, staff: dict[str, User], cohort: Cohort, rina: User, ina: User
) -> None:
    where = address(cohort.program)
    assert client.get(where).status_code == 302
    codes = {}
    for name, user in {**staff, "rina": rina, "ina": ina}.items():
        client.force_login(user)
        codes[name] = {client.get(address(cohort.program, kind)).status_code for kind in ("/", ".pdf", ".xlsx")}
    assert codes == {
        **{name: {200} for name in ("admin", "sari", "observer")},
        **{name: {403} for name in ("made", "joko", "ina")},
        "rina": {400},
    }


def test_coordinator_is_told_of_their_programs_only(reader: Client, sari: User, cohort: Cohort, rina: User) -> None:
    reader.force_login(sari)
    assert "This field is required." in reader.get(address(None)).content.decode()
    page = reader.get("/reports/regions/").content.decode()
    assert "Another program" not in page
    assert f'value="{cohort.program_id}" selected' in page
    reader.force_login(rina)
    assert "Kab. Lamongan" not in reader.get("/reports/regions/").content.decode()


def test_observer_chooses_within_their_regions(
    reader: Client, observer: User, cohort: Cohort, elsewhere: Village
) -> None:
    reader.force_login(observer)
    page = reader.get("/reports/regions/").content.decode()
    assert "Jawa Timur" in page
    assert "Kec. Maduran" in page
    assert "Lombok" not in page
    assert reader.get(address(None, region="52")).status_code == 400
    assert reader.get(address(None, region="")).status_code == 400
    assert reader.get(address(None)).status_code == 200


@pytest.mark.parametrize("month", ["2026-13", "10-2026", "x", "1999-01", "2026-9"])
def test_wrong_month_is_said(reader: Client, sari: User, cohort: Cohort, month: str) -> None:
    reader.force_login(sari)
    for kind in ("/", ".pdf", ".xlsx"):
        answer = reader.get(address(cohort.program, kind, month))
        assert answer.status_code == 400
        assert "Write the month as 2026-10." in answer.content.decode()


@pytest.mark.parametrize("given", ["region=x", "region=35.24%00", "program=999999999999999999999", "program=-1"])
def test_hostile_address_is_answered(reader: Client, admin: User, cohort: Cohort, given: str) -> None:
    reader.force_login(admin)
    assert reader.get(f"/reports/regions/?month=2026-09&{given}").status_code == 400


def test_report_asks_the_same_of_1_and_30_villages(client: Client, sari: User, cohort: Cohort, region: Region) -> None:
    client.force_login(sari)
    counts = []
    for more in (1, 29):
        for _ in range(more):
            lay_village(cohort, region)
        for kind in ("/", ".pdf", ".xlsx"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address(cohort.program, kind)).status_code == 200
            counts.append(len(queries))
    assert counts[:3] == counts[3:]


def lay_village(cohort: Cohort, region: Region) -> None:
    other = factories.CohortFactory.create(program=cohort.program, village__region=region)
    factories.VisitFactory.create(cohort=other, state="approved", visited_at=NOW.replace(month=9))
    unit = factories.BusinessUnitFactory.create(village=other.village)
    factories.TransactionFactory.create(business_unit=unit, state="verified", exported_on=date(2026, 9, 9))


def test_changes_name_only_what_moved(facts: dict[str, Any], cohort: Cohort, lamongan: Region) -> None:
    before = read(facts)
    assert changes(before, before) == []
    unit = factories.BusinessUnitFactory.create(village=cohort.village)
    factories.TransactionFactory.create(business_unit=unit, state="reported", exported_on=date(2026, 9, 5), value=100)
    today = read(reckon(Subject(lamongan, cohort.program, SEPTEMBER), EDITIONS, at=NOW))
    moved = {change.label: (change.frozen.text, change.today.text, change.step) for change in changes(before, today)}
    assert moved == {
        "Reported, not verified": ("Rp13.950.000", "Rp15.500.000", "+Rp1.550.000"),
        "Reported exports, not verified": ("1", "2", "+1"),
    }


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (Cell(1234), "1.234"),
        (Cell(None), "–"),
        (Cell(66, Kind.PERCENT), "66%"),
        (Cell(Decimal("1500.50"), Kind.RUPIAH), "Rp1.500,50"),
        (Cell(Decimal("1500.00"), Kind.RUPIAH), "Rp1.500"),
        (Cell(Decimal("4.5"), Kind.DAYS), "4,5 days"),
        (Cell(12, Kind.HOURS), "12 JP"),
        (Cell(date(2026, 9, 1), Kind.DAY), "1 September 2026"),
    ],
)
def test_cell_is_written_by_its_kind(cell: Cell, text: str) -> None:
    assert cell.text == text


@pytest.mark.parametrize(
    ("before", "after", "step"),
    [
        (Cell(3), Cell(1), "−2"),
        (Cell(3), Cell(3), "0"),
        (Cell(None), Cell(3), "–"),
        (Cell(66, Kind.PERCENT), Cell(70, Kind.PERCENT), "+4 points"),
    ],
)
def test_step_has_its_sign(before: Cell, after: Cell, step: str) -> None:
    assert before.step_to(after) == step


def test_many_products_are_added_up_at_the_end(cohort: Cohort, lamongan: Region) -> None:
    unit = factories.BusinessUnitFactory.create(village=cohort.village)
    for number in range(20):
        factories.TransactionFactory.create(
            business_unit=unit, state="verified", product=f"Cloth {number}", exported_on=date(2026, 9, 9)
        )
    reading = read(reckon(Subject(lamongan, cohort.program, SEPTEMBER), EDITIONS, at=NOW))
    table = next(table for group in reading.groups for table in group.tables if table.key == "by_product")
    assert len(table.rows) == 16
    assert table.rows[-1][0].text == "5 others"
    assert sum(row[1].value for row in table.rows) == reading.lines["verified"][1].cell.value  # type: ignore[misc]


def test_page_of_the_report_is_found(reader: Client, sari: User, made: User, joko: User, cohort: Cohort) -> None:
    pages = {}
    for user in (sari, made, joko):
        reader.force_login(user)
        pages[user.name] = reader.get("/reports/").content.decode()
    assert all("/reports/villages/" in page for page in pages.values())
    assert "/reports/regions/" in pages["Sari"]
    assert "/reports/regions/" not in pages["Made"]
    assert "/reports/mentoring/" in pages["Made"]
    assert "/reports/mentoring/" not in pages["Joko"]
