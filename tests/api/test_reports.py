"""Frozen reports for programs: listed, read whole, frozen, handed out as files."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.models import User
from programs.models import Cohort
from reports.models import RegionReport
from tests.api.conftest import Caller
from tests.factories import frozen
from tests.reports.world import lay_september

pytestmark = [pytest.mark.usefixtures("clock"), pytest.mark.django_db]
ADDRESS = "/api/v1/reports/"


def test_report_is_frozen_and_read_whole(ask: Caller, sari: User, cohort: Cohort) -> None:
    lay_september(cohort)
    given = {"region": "35.24", "program": cohort.program_id, "month": "2026-09"}
    made = ask(sari).post(ADDRESS, given, format="json")
    assert made.status_code == 201
    row = RegionReport.objects.get()
    assert made.data["sha256"] == row.sha256
    shown = ask(sari).get(f"{ADDRESS}{row.pk}/").json()
    assert shown["facts"]["outcomes"]["exports"]["verified"] == "187500000.50"
    assert (shown["region"], shown["month"], shown["sequence"], shown["whole"]) == ("35.24", "2026-09-01", 1, True)
    assert shown["program"] == {"id": cohort.program_id, "name": cohort.program.name}
    assert shown["frozen_at"] == "2026-10-01T03:00:00Z"
    (listed,) = ask(sari).get(ADDRESS).json()["results"]
    assert "facts" not in listed
    assert listed["code_edition"] == row.code_edition


def test_report_of_all_of_it_has_neither_region_nor_program(ask: Caller, admin: User, cohort: Cohort) -> None:
    made = ask(admin).post(ADDRESS, {"month": "2026-09"}, format="json")
    assert (made.status_code, made.data["region"], made.data["program"]) == (201, None, None)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"month": "2026-13"}, "month"),
        ({"month": "September"}, "month"),
        ({}, "month"),
        ({"month": "2026-09", "region": "99"}, "region"),
        ({"month": "2026-09", "program": 999999}, "program"),
        ({"month": "2026-09", "program": "x"}, "program"),
    ],
)
def test_wrong_choice_names_its_field(
    ask: Caller, admin: User, cohort: Cohort, given: dict[str, object], field: str
) -> None:
    answer = ask(admin).post(ADDRESS, given, format="json")
    assert answer.status_code == 400
    assert field in answer.json()["errors"]
    assert not RegionReport.objects.exists()


def test_coordinator_freezes_their_own_programs_only(ask: Caller, sari: User, rina: User, cohort: Cohort) -> None:
    assert "program" in ask(sari).post(ADDRESS, {"month": "2026-09"}, format="json").json()["errors"]
    other = ask(rina).post(ADDRESS, {"month": "2026-09", "program": cohort.program_id}, format="json")
    assert other.status_code == 400


def test_month_to_come_is_a_conflict(ask: Caller, admin: User, cohort: Cohort) -> None:
    answer = ask(admin).post(ADDRESS, {"month": "2027-01"}, format="json")
    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")


def test_files_are_those_of_the_page(ask: Caller, sari: User, cohort: Cohort) -> None:
    lay_september(cohort)
    row = frozen(cohort.program)
    paper = ask(sari).get(f"{ADDRESS}{row.pk}/pdf/")
    assert (paper["Content-Type"], paper["Cache-Control"]) == ("application/pdf", "no-store")
    assert "Rp187.500.000" in "".join(page.extract_text() for page in PdfReader(BytesIO(paper.content)).pages)
    assert ask(sari).get(f"{ADDRESS}{row.pk}/pdf/").content == paper.content
    book = load_workbook(BytesIO(ask(sari).get(f"{ADDRESS}{row.pk}/xlsx/").content))
    assert 187500000.5 in [cell for line in book.worksheets[0].iter_rows(values_only=True) for cell in line]
    assert ask(sari).get(f"{ADDRESS}{row.pk}/pdf/", HTTP_ACCEPT="application/pdf").status_code == 200


def test_list_is_narrowed(ask: Caller, sari: User, cohort: Cohort) -> None:
    frozen(cohort.program)
    for query, count in (
        ("region=35", 1),
        ("region=52", 0),
        (f"program={cohort.program_id}", 1),
        ("from=2026-10-01", 0),
    ):
        assert len(ask(sari).get(f"{ADDRESS}?{query}").json()["results"]) == count, query
    assert ask(sari).get(f"{ADDRESS}?program=999999").status_code == 400
