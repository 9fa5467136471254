"""Every figure equals, to the last digit, what plain loops over the raw rows make of DOMAIN 6."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from rest_framework.test import APIClient

from accounts.models import User
from programs.models import Cohort, Enrollment, Program
from progress.measures import count_months
from progress.outcomes import Outcomes, outcomes
from progress.period import ALWAYS, Period
from tests.progress.oracle import Oracle, Row
from tests.progress.wide_worlds import WideWorld
from villages.models import Village

SEEDS = (11, 12, 13)
PERIODS = [(None, None), (date(2026, 8, 15), date(2026, 9, 12)), (date(2026, 9, 1), None), (None, date(2026, 9, 20))]
API = "/api/v1/progress"


@pytest.fixture(params=SEEDS)
def world(request: pytest.FixtureRequest, db: None, at: datetime) -> Iterator[WideWorld]:
    with time_machine.travel(at, tick=False):
        yield WideWorld(request.param, at)


def asked(first: date | None, last: date | None) -> dict[str, str]:
    return {name: day.isoformat() for name, day in (("from", first), ("to", last)) if day}


def every(client: Any, address: str, **query: str) -> list[Row]:
    """Read all pages of a list."""
    rows: list[Row] = []
    answer = client.get(f"{address}?{urlencode({'page_size': 7, **query})}").json()
    rows += answer["results"]
    while answer["next"]:
        answer = client.get(answer["next"]).json()
        rows += answer["results"]
    return rows


def only(row: Row, *names: str) -> Row:
    return {name: row[name] for name in names}


RATES = ("percent", "attendance", "commitment")


def test_programs_villages_cohorts_and_people_equal_the_loops(admin: User, world: WideWorld) -> None:
    client = APIClient()
    client.force_authenticate(admin)
    for first, last in PERIODS:
        oracle, query = Oracle(world.at, first, last), asked(first, last)
        same_programs_and_cohorts(client, oracle, world, query)
        same_villages(client, oracle, world, query)
        same_people(client, oracle, query)


def same_programs_and_cohorts(client: APIClient, oracle: Oracle, world: WideWorld, query: dict[str, str]) -> None:
    programs = every(client, f"{API}/programs/", **query)
    assert {row["program"]["id"]: only(row, "villages", *RATES) for row in programs} == {
        program.pk: oracle.program(program.pk) for program in world.programs
    }
    cohorts = every(client, f"{API}/cohorts/", **query)
    assert {row["cohort"]["id"]: only(row, "modules", *RATES) for row in cohorts} == {
        cohort.pk: oracle.figures([cohort.pk]) for cohort in world.cohorts
    }


def same_villages(client: APIClient, oracle: Oracle, world: WideWorld, query: dict[str, str]) -> None:
    villages = every(client, f"{API}/villages/", **query)
    pairs = {(cohort.program_id, cohort.village_id) for cohort in world.cohorts}
    assert {(row["program"], row["village"]["id"]): only(row, "modules", *RATES) for row in villages} == {
        pair: oracle.figures(oracle.cohorts_of(program=pair[0], village=pair[1])) for pair in pairs
    }
    assert len(villages) == len(pairs)


def same_people(client: APIClient, oracle: Oracle, query: dict[str, str]) -> None:
    people = every(client, f"{API}/people/", **query)
    staying = Enrollment.objects.exclude(state="withdrawn").values_list("pk", flat=True)
    assert {row["enrollment"]: only(row, "modules", "completed", *RATES) for row in people} == {
        enrollment: oracle.person(enrollment) for enrollment in staying
    }


def plain(found: Outcomes) -> Row:
    """Write outcomes as the loops write them."""
    facts = found.as_facts()
    facts.pop("period")
    exports = facts["exports"]
    sums = {name: getattr(found.exports, name) for name in ("verified", "reported", "count_verified", "count_reported")}
    for name in ("by_year", "by_product", "by_country"):
        shares = getattr(found.exports, name)
        sums[name] = {
            each.key: {"verified": each.verified, "reported": each.reported, "count": each.count} for each in shares
        }
        assert len(exports[name]) == len(shares)
    return {**facts, "exports": sums, "claims": vars(found.claims)}


CHOICES = ("everything", "a program", "some villages", "one cohort")


def chosen(world: WideWorld, choice: str) -> tuple[list[Village], list[Cohort]]:
    match choice:
        case "a program":
            return world.villages, [cohort for cohort in world.cohorts if cohort.program_id == world.programs[0].pk]
        case "some villages":
            return world.villages[:3], world.cohorts
        case "one cohort":
            return world.villages, world.cohorts[:1]
    return world.villages, world.cohorts


def test_outcomes_equal_the_loops(world: WideWorld) -> None:
    for first, last in PERIODS:
        for at in (world.at, world.at - timedelta(days=30), world.at + timedelta(days=400)):
            oracle = Oracle(at, first, last)
            for choice in CHOICES:
                villages, cohorts = (keys(rows) for rows in chosen(world, choice))
                found = counted(villages, cohorts, Period.between(first, last), at)
                assert plain(found) == oracle.outcomes(villages, cohorts)
                assert Outcomes.from_facts(json.loads(json.dumps(found.as_facts()))) == found


def counted(villages: list[int], cohorts: list[int], period: Period, at: datetime) -> Outcomes:
    rows = Village.objects.filter(pk__in=villages)
    return outcomes(rows, cohorts=Cohort.objects.filter(pk__in=cohorts), period=period, at=at)


def keys(rows: Sequence[Any]) -> list[int]:
    return [row.pk for row in rows]


def test_months_add_up_to_the_whole(world: WideWorld) -> None:
    cohorts = keys(world.cohorts)
    months = count_months(cohorts, period=ALWAYS)
    whole = Oracle(world.at).outcomes(keys(world.villages), cohorts)
    assert sum(month.minutes for month in months) == whole["hours"]["delivered_minutes"]
    assert sum(month.visits for month in months) == sum(row["approved"] for row in whole["visits"])
    assert sum(month.claims for month in months) == whole["claims"]["paid_count"]
    for month in months:
        bounds = Period.month(month.month.year, month.month.month)
        part = Oracle(world.at, bounds.first, bounds.last).outcomes(keys(world.villages), cohorts)
        assert month.minutes == part["hours"]["delivered_minutes"]
        assert month.visits == sum(row["approved"] for row in part["visits"])
        assert month.claims == part["claims"]["paid_count"]


def test_world_has_something_of_everything(world: WideWorld) -> None:
    found = Oracle(world.at).outcomes(keys(world.villages), keys(world.cohorts))
    assert min(found["people"].values()) > 0
    assert found["hours"]["planned_minutes"] > found["hours"]["delivered_minutes"] > 0
    assert min(found["claims"][name] for name in ("committed", "paid", "open_count", "days_to_pay")) > 0
    assert min(found["exports"][name] for name in ("verified", "reported")) > 0
    assert min(found["items"][name] for name in ("total", "overdue")) > 0
    assert found["new_exporters"]
    assert any(
        cell["delivered"]
        for key in keys(world.cohorts)
        for cell in Oracle(world.at).cells([key])
        if cell["mode"] == "benefit"
    )
    assert Program.objects.count() == 3
