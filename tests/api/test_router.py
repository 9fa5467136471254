"""What every address answers alike: who may, whose rows, how many queries; a new address fails until it is named."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from programs.models import Cohort
from tests.api.conftest import Caller
from tests.api.world import LISTS, ROUTES, ROWS, SHARED, WHO, Route

IDS = [f"{route.method} {route.name}" for route in ROUTES]
OTHERS = [route for route in ROUTES if route.basename not in SHARED]


@pytest.fixture
def staff(admin: User, sari: User, made: User, joko: User, observer: User) -> dict[str, User]:
    return {"A": admin, "C": sari, "M": made, "F": joko, "O": observer}


@pytest.mark.parametrize("route", ROUTES, ids=IDS)
def test_every_address_is_in_the_matrix(route: Route) -> None:
    assert WHO[route.basename][route.action]
    assert route.cls.abilities[route.action]


@pytest.mark.parametrize("route", ROUTES, ids=IDS)
def test_address_opens_for_those_and_nobody_else(
    route: Route, ask: Caller, staff: dict[str, User], cohort: Cohort
) -> None:
    for letter, user in staff.items():
        row = ROWS[route.basename](cohort) if route.detail else None
        answer = ask(user).generic(route.method, route.address(row), "{}", content_type="application/json")
        if letter in WHO[route.basename][route.action]:
            assert answer.status_code not in {401, 403, 405}, letter
        else:
            assert answer.status_code == 403, letter


@pytest.mark.parametrize("route", ROUTES, ids=IDS)
def test_nobody_comes_in_without_a_token(route: Route, ask: Caller, cohort: Cohort) -> None:
    row = ROWS[route.basename](cohort) if route.detail else None
    answer = ask(None).generic(route.method, route.address(row), "{}", content_type="application/json")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("route", OTHERS, ids=[f"{route.method} {route.name}" for route in OTHERS])
def test_rows_of_others_are_not_there(route: Route, ask: Caller, ina: User, rina: User, cohort: Cohort) -> None:
    row = ROWS[route.basename](cohort)
    for letter, user in (("M", ina), ("C", rina)):
        answer = ask(user).generic(route.method, route.address(row), "{}", content_type="application/json")
        if route.detail and route.action != "update":  # PUT of a visit under a stranger's key has a test of its own
            assert answer.status_code in {403, 404}
            kept_from_all = letter not in WHO[route.basename][route.action]
            assert answer.status_code == 404 or route.action not in {"retrieve", "revisions"} or kept_from_all
        elif route.action == "list" and answer.status_code == 200:
            assert str(row.pk) not in {str(shown.get("id", "")) for shown in answer.data["results"]}


@pytest.mark.parametrize("route", LISTS, ids=[route.name for route in LISTS])
def test_list_takes_the_same_queries_for_1_and_7_rows(route: Route, ask: Caller, admin: User, cohort: Cohort) -> None:
    client, counts = ask(admin), []
    for more in (1, 6):
        for _ in range(more):
            ROWS[route.basename](cohort)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(route.address())
        assert answer.status_code == 200, answer.data
        counts.append(len(queries))
    assert answer.data["results"]
    assert counts[0] == counts[1]
    assert counts[0] <= 8


@pytest.mark.parametrize("route", LISTS, ids=[route.name for route in LISTS])
def test_list_walks_its_pages_in_every_order(route: Route, ask: Caller, admin: User, cohort: Cohort) -> None:
    for _ in range(3):
        ROWS[route.basename](cohort)
    client = ask(admin)
    for ordering in route.cls.orderings:
        for turned in (ordering, f"-{ordering}".replace("--", "")):
            whole = client.get(route.address(), {"ordering": turned, "page_size": 200, "count": "true"}).data
            walked, address = [], f"{route.address()}?ordering={turned}&page_size=2"
            while address:
                page = client.get(address).data
                walked += page["results"]
                address = page["next"]
            assert walked == whole["results"]
            assert whole["count"] >= 3
