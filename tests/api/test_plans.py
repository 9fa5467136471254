"""Planned visits through the API."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from accounts.models import User
from mentoring.models import VisitPlan
from programs.models import Cohort
from tests import factories
from tests.api.conftest import Caller
from tests.factories import NOW

PLANS = "/api/v1/visit-plans/"


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def plan(cohort: Cohort, made: User) -> VisitPlan:
    return factories.VisitPlanFactory.create(mentor=made, village=cohort.village)


def test_mentor_plans_moves_and_calls_off(ask: Caller, cohort: Cohort, made: User) -> None:
    client = ask(made)
    body = {"village": cohort.village_id, "planned_at": "2026-10-06T09:00:00+07:00", "purpose": "Two kodi"}
    made_one = client.post(PLANS, body, format="json")
    assert made_one.status_code == 201, made_one.data
    assert made_one.data["planned_at"] == "2026-10-06T02:00:00Z"
    assert made_one.data["mentor"] == {"id": made.pk, "name": "Made"}
    assert (made_one.data["late"], made_one.data["visit"]) == (False, None)
    assert client.post(PLANS, body, format="json").status_code == 409
    address = f"{PLANS}{made_one.data['id']}/"
    moved = client.patch(
        address, {"planned_at": "2026-10-07T09:00:00+07:00"}, format="json", headers={"If-Match": '"1"'}
    )
    assert (moved.status_code, moved.data["version"], moved.data["purpose"]) == (200, 2, "Two kodi")
    stale = client.patch(address, {"purpose": "One kodi"}, format="json", headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.data["code"]) == (409, "stale")
    assert client.post(f"{address}cancel/", {"reason": " "}, format="json").status_code == 400
    off = client.post(f"{address}cancel/", {"reason": "Rain"}, format="json")
    assert (off.status_code, off.data["state"], off.data["reason"]) == (200, "cancelled", "Rain")
    assert client.post(f"{address}cancel/", {"reason": "Rain"}, format="json").status_code == 409
    assert client.patch(address, {"purpose": "x"}, format="json").status_code == 409


def test_coordinator_names_the_mentor(ask: Caller, cohort: Cohort, made: User, sari: User, ina: User) -> None:
    body = {"village": cohort.village_id, "planned_at": "2026-10-06T09:00:00+07:00"}
    client = ask(sari)
    assert "mentor" in client.post(PLANS, body, format="json").data["errors"]
    assert client.post(PLANS, {**body, "mentor": ina.pk}, format="json").status_code == 400
    answer = client.post(PLANS, {**body, "mentor": made.pk}, format="json")
    assert (answer.status_code, answer.data["mentor"]["name"]) == (201, "Made")


def test_mentor_plans_for_nobody_else_and_nowhere_else(ask: Caller, cohort: Cohort, made: User, ina: User) -> None:
    body = {"village": cohort.village_id, "planned_at": "2026-10-06T09:00:00+07:00"}
    assert ask(made).post(PLANS, {**body, "mentor": ina.pk}, format="json").status_code == 400
    assert ask(ina).post(PLANS, body, format="json").status_code == 400
    assert not VisitPlan.objects.exists()


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("village", 10**12),
        ("village", "here"),
        ("planned_at", "2026-10-06T09:00:00"),
        ("planned_at", "2026-09-01T09:00:00Z"),
        ("planned_at", "2199-09-01T09:00:00Z"),
        ("planned_at", None),
        ("purpose", "x" * 201),
        ("purpose", "bell \x07"),
        ("mentor", {"id": "Made"}),
    ],
)
def test_wrong_plan_is_refused_by_field(ask: Caller, cohort: Cohort, made: User, field: str, wrong: object) -> None:
    body = {"village": cohort.village_id, "planned_at": "2026-10-06T09:00:00+07:00"}
    answer = ask(made).post(PLANS, {**body, field: wrong}, format="json")
    assert answer.status_code == 400, answer.data
    assert field in answer.data["errors"]


def test_list_is_filtered_as_the_page_is(ask: Caller, plan: VisitPlan, sari: User) -> None:
    late = factories.VisitPlanFactory.create(
        mentor=plan.mentor, village=plan.village, planned_at=NOW - timedelta(days=5)
    )
    client = ask(sari)
    cases: tuple[tuple[dict[str, str], list[VisitPlan]], ...] = (
        ({"late": "true"}, [late]),
        ({"late": "false"}, [plan]),
        ({"state": "planned", "mentor": str(plan.mentor_id)}, [late, plan]),
        ({"state": "visited"}, []),
        ({"from": "2026-10-02"}, [plan]),
    )
    for asked, found in cases:
        assert [row["id"] for row in client.get(PLANS, asked).data["results"]] == [str(row.pk) for row in found]
    assert client.get(PLANS, {"mentor": "x"}).status_code == 400
