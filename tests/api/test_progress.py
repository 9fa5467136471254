"""The figures of DOMAIN 6 through the API, recomputed here by hand."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from accounts.models import User
from programs.models import Cohort
from tests.api.conftest import Caller
from tests.factories import (
    NOW,
    AttendanceFactory,
    CohortFactory,
    EnrollmentFactory,
    RequirementFactory,
    SessionFactory,
    VisitFactory,
    lay_requirements,
    module,
)
from villages.models import Village

PROGRESS = "/api/v1/progress"


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def busy(cohort: Cohort, made: User, sari: User) -> Cohort:
    """Have a cohort with 240 of 360 minutes of design, one of two visits, one visit pending."""
    lay_requirements(cohort)
    enrollment = EnrollmentFactory.create(cohort=cohort)
    held = SessionFactory.create(
        program=cohort.program, cohorts=[cohort], starts_at=NOW - timedelta(days=9), state="held"
    )
    closed = SessionFactory.create(
        program=cohort.program, cohorts=[cohort], starts_at=NOW - timedelta(days=5), state="closed"
    )
    SessionFactory.create(program=cohort.program, cohorts=[cohort], starts_at=NOW - timedelta(hours=3))  # never held
    SessionFactory.create(program=cohort.program, cohorts=[cohort], starts_at=NOW + timedelta(days=2))
    marked = {"enrollment": enrollment, "marked_at": NOW, "marked_by": sari}
    AttendanceFactory.create(session=held, state="present", minutes=120, **marked)
    AttendanceFactory.create(session=closed, state="absent", **marked)
    for state in ("approved", "submitted"):
        VisitFactory.create(cohort=cohort, mentor=made, state=state).modules.add(module("handholding"))
    return cohort


def cell(row: dict[str, Any], code: str) -> dict[str, Any]:
    found: dict[str, Any]
    [found] = [cell for cell in row["modules"] if cell["module"] == code]
    return found


def test_village_row_has_one_cell_per_module(ask: Caller, sari: User, busy: Cohort) -> None:
    answer = ask(sari).get(f"{PROGRESS}/villages/?program={busy.program_id}&region=35.24")
    [row] = answer.data["results"]
    assert row["village"] == {
        "id": busy.village_id,
        "name": "Parengan",
        "place": "Parengan, Kec. Maduran, Kab. Lamongan",
    }
    assert row["program"] == busy.program_id
    assert len(row["modules"]) == 11
    assert cell(row, "design") == {
        "module": "design",
        "mode": "training",
        "required": 360,
        "delivered": 240,
        "planned": 360,
        "pending": 0,
        "percent": 66,
        "state": "in_progress",
        "behind": True,
    }
    visits = cell(row, "handholding")
    assert (visits["delivered"], visits["pending"], visits["percent"]) == (1, 1, 50)
    assert cell(row, "branding")["state"] == "not_started"
    assert row["percent"] == (66 + 50) // 11
    assert (row["attendance"], row["commitment"]) == (50, 50)


def test_the_same_integers_stand_in_every_figure(ask: Caller, sari: User, made: User, busy: Cohort) -> None:
    client = ask(sari)
    cohort = client.get(f"{PROGRESS}/cohorts/{busy.pk}/").data
    [village] = client.get(f"{PROGRESS}/villages/").data["results"]
    program = client.get(f"{PROGRESS}/programs/{busy.program_id}/").data
    assert cohort["modules"] == village["modules"]
    assert cohort["percent"] == village["percent"] == program["percent"]
    assert program["villages"] == 1
    assert ask(made).get(f"{PROGRESS}/villages/").data["results"] == [village]


def test_people_are_measured_in_their_cohort(ask: Caller, sari: User, busy: Cohort) -> None:
    [row] = ask(sari).get(f"{PROGRESS}/people/", {"cohort": busy.pk}).data["results"]
    design = cell(row, "design")
    assert (design["attended"], design["required"], design["needed"], design["reached"]) == (120, 360, 288, False)
    assert design["percent"] == 100 * 120 // 288
    assert (row["completed"], row["cohort"]) == (False, busy.pk)


def test_village_in_two_programs_has_a_row_in_each(
    ask: Caller, admin: User, made: User, busy: Cohort, parengan: Village
) -> None:
    other = CohortFactory.create(village=parengan)
    RequirementFactory.create(cohort=other)
    for user in (admin, made):
        rows = ask(user).get(f"{PROGRESS}/villages/", {"village": parengan.pk}).data["results"]
        assert {row["program"] for row in rows} == {busy.program_id, other.program_id}
    [row] = ask(made).get(f"{PROGRESS}/villages/", {"program": other.program_id}).data["results"]
    assert cell(row, "design")["percent"] == 0


def test_others_see_none_of_it(ask: Caller, ina: User, rina: User, busy: Cohort) -> None:
    for user in (ina, rina):
        client = ask(user)
        assert client.get(f"{PROGRESS}/villages/", {"program": busy.program_id}).data["results"] == []
        assert client.get(f"{PROGRESS}/cohorts/{busy.pk}/").status_code == 404
        assert client.get(f"{PROGRESS}/programs/{busy.program_id}/").status_code == 404
        assert client.get(f"{PROGRESS}/people/", {"cohort": busy.pk}).data["results"] == []


def test_observer_reads_figures_and_no_people(ask: Caller, observer: User, busy: Cohort) -> None:
    client = ask(observer)
    assert client.get(f"{PROGRESS}/villages/").data["results"][0]["village"]["id"] == busy.village_id
    assert client.get(f"{PROGRESS}/people/").status_code == 403
