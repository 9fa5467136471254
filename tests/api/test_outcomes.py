"""What a period brought, through the API: as the loops count it, within one's scope, and wrong filters are said."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from programs.models import Cohort
from tests import factories
from tests.api.conftest import Caller
from tests.factories import NOW
from tests.progress.oracle import Oracle
from tests.progress.wide_worlds import WideWorld
from villages.models import Village

OUTCOMES = "/api/v1/progress/outcomes/"
VILLAGES = "/api/v1/progress/villages/"


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def busy(cohort: Cohort) -> Cohort:
    """Have a held session, a visit, a paid claim and two exports of one cooperative."""
    factories.lay_requirements(cohort)
    start = NOW - timedelta(days=9)
    held = factories.SessionFactory.create(program=cohort.program, cohorts=[cohort], starts_at=start, state="held")
    seat = factories.EnrollmentFactory.create(cohort=cohort)
    factories.MarkedSeatFactory.create(session=held, enrollment=seat, state="present", minutes=120)
    factories.VisitFactory.create(cohort=cohort, state="approved").modules.add(factories.module("handholding"))
    unit = factories.BusinessUnitFactory.create(village=cohort.village)
    scheme = factories.SchemeFactory.create(program=cohort.program)
    shipment = factories.ShipmentFactory.create(business_unit=unit)
    factories.ClaimFactory.create(scheme=scheme, shipment=shipment, cohort=cohort, state="paid", started_at=start)
    for state in ("verified", "reported"):
        factories.TransactionFactory.create(business_unit=unit, state=state)
    return cohort


def test_everything_that_a_period_brought(ask: Caller, sari: User, busy: Cohort) -> None:
    shown = ask(sari).get(f"{OUTCOMES}?program={busy.program_id}&region=35.24&from=2026-01-01").json()
    assert shown["period"] == {"first": "2026-01-01", "last": None, "zone": "Asia/Jakarta"}
    assert shown["villages"] == {"desa_devisa": 1, "candidates": 0, "out": 0}
    assert shown["people"] == {"trained": 1, "women": 1, "share": 100}
    assert shown["hours"]["delivered_jp"] == 2
    assert shown["exports"]["verified"] == shown["exports"]["reported"] == "186000000.00"
    assert shown["exports"]["currency"] == "IDR"
    assert shown["claims"]["paid"] == "800000.00"
    assert shown["claims"]["days_to_pay"] == "0.0"
    assert shown["visits"] == [{"village": busy.village_id, "name": "Parengan", "approved": 1, "pending": 0}]
    [exporter] = shown["new_exporters"]
    assert exporter["on"] == "2026-08-20"


def test_paid_claim_is_in_the_cells_too(ask: Caller, sari: User, busy: Cohort) -> None:
    [row] = ask(sari).get(VILLAGES, {"module": "sample-shipping"}).json()["results"]
    [cell] = row["modules"]
    assert (cell["delivered"], cell["planned"], cell["percent"], cell["state"]) == (1, 1, 100, "complete")
    assert row["percent"] == 100
    [row] = ask(sari).get(VILLAGES, {"from": NOW.date().isoformat(), "module": "sample-shipping"}).json()["results"]
    assert row["modules"][0]["delivered"] == 0


@pytest.mark.parametrize("role", ["admin", "sari", "made", "joko", "observer"])
def test_whoever_signs_in_reads_figures(ask: Caller, busy: Cohort, request: pytest.FixtureRequest, role: str) -> None:
    assert ask(request.getfixturevalue(role)).get(OUTCOMES).json()["hours"]["delivered_minutes"] == 120
    assert ask(None).get(OUTCOMES).status_code == 401


def test_another_scope_counts_nothing(ask: Caller, rina: User, ina: User, busy: Cohort, elsewhere: Village) -> None:
    for user in (rina, ina):
        shown = ask(user).get(OUTCOMES, {"program": busy.program_id}).json()
        assert shown["villages"]["desa_devisa"] == shown["people"]["trained"] == shown["exports"]["count_verified"] == 0
        assert shown["visits"] == []


WRONG = [
    ("from=2026-13-01", "from"),
    ("to=10/31/2026", "to"),
    ("from=2026-02-01&to=2026-01-01", "to"),
    ("region=35.240", "region"),
    ("program=x", "program"),
    ("stage=happy", "stage"),
    ("happy=1", "happy"),
    ("commodity=%00", "commodity"),
    ("module=design", "module"),
]


@pytest.mark.parametrize(("query", "name"), WRONG)
def test_wrong_filters_are_said(ask: Caller, sari: User, busy: Cohort, query: str, name: str) -> None:
    answer = ask(sari).get(f"{OUTCOMES}?{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("application/problem+json")
    assert name in answer.json().get("errors", {name: ""})


LISTS = ("programs", "villages", "cohorts", "people")


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize(("query", "name"), WRONG[:3])
def test_wrong_days_are_said_on_lists(ask: Caller, sari: User, busy: Cohort, kind: str, query: str, name: str) -> None:
    answer = ask(sari).get(f"/api/v1/progress/{kind}/?{query}")
    assert answer.status_code == 400
    assert name in answer.json()["errors"]


def test_sentences_come_in_the_language_of_the_caller(ask: Caller, sari: User, busy: Cohort) -> None:
    address = f"{OUTCOMES}?from=2026-02-01&to=2026-01-01"
    assert "The last day comes before the first." in ask(sari).get(address).content.decode()


def test_lists_are_narrowed_by_stage_and_commodity(ask: Caller, admin: User, busy: Cohort) -> None:
    other = factories.CohortFactory.create(village__stage="proposed", village__commodity="Rattan chairs")
    client = ask(admin)
    for query in ({"stage": "candidates"}, {"commodity": "rattan"}, {"stage": "proposed"}):
        [row] = client.get(VILLAGES, query).json()["results"]
        assert row["village"]["id"] == other.village_id
        [row] = client.get("/api/v1/progress/cohorts/", query).json()["results"]
        assert row["cohort"]["id"] == other.pk
        assert client.get(OUTCOMES, query).json()["villages"] == {"desa_devisa": 0, "candidates": 1, "out": 0}


def test_questions_stay_the_same(ask: Caller, sari: User, busy: Cohort) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert ask(sari).get(OUTCOMES).status_code == 200
        return len(queries)

    with_one = count()
    for _ in range(7):
        more = factories.CohortFactory.create(program=busy.program)
        factories.VisitFactory.create(cohort=more, state="approved")
        factories.TransactionFactory.create(business_unit__village=more.village, state="verified")
    assert count() == with_one


def written(found: dict[str, Any]) -> dict[str, Any]:
    """Bring the loops' figures to what the API writes."""
    claims = found["claims"]
    days = claims["days_to_pay"]
    money = {name: f"{claims[name]:.2f}" for name in ("committed", "paid")}
    return {**claims, **money, "days_to_pay": None if days is None else str(days)}


def test_answer_equals_the_loops(ask: Caller, admin: User, db: None) -> None:
    world = WideWorld(41, NOW)
    first, last = date(2026, 8, 1), date(2026, 9, 30)
    villages = [village.pk for village in world.villages if village.region_id.startswith("35.")]
    program = world.programs[1].pk
    shown = ask(admin).get(f"{OUTCOMES}?region=35&program={program}&from={first}&to={last}").json()
    own = [cohort.pk for cohort in world.cohorts if cohort.program_id == program and cohort.village_id in villages]
    taking_part = [
        village for village in villages if any(c.village_id == village and c.pk in own for c in world.cohorts)
    ]
    found = Oracle(NOW, first, last).outcomes(taking_part, own)
    for name in ("villages", "visits", "items", "new_exporters"):
        assert shown[name] == found[name]
    for name in ("people", "hours", "seats"):
        assert {key: shown[name][key] for key in found[name]} == found[name]
    assert {key: shown["claims"][key] for key in found["claims"]} == written(found)
    assert shown["exports"]["verified"] == f"{found['exports']['verified']:.2f}"
