"""Every list of the API as a table: the same rows by the same filters, and nothing that a spreadsheet could run."""

import csv
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.models import User
from common.models import Event
from common.sheets import XLSX
from downloads.lists import TABLES
from programs.models import Cohort
from tests.api.conftest import Caller
from tests.api.world import LISTS, ROWS, WHO, Route

IDS = [route.name for route in LISTS]


def body(answer: Any) -> bytes:
    """Read a stream to its end."""
    return b"".join(answer.streaming_content)


def records(answer: Any) -> list[dict[str, str]]:
    """Read CSV as programs do."""
    return list(csv.DictReader(StringIO(body(answer).decode(), newline="")))


@pytest.mark.parametrize("route", LISTS, ids=IDS)
def test_list_has_its_table(route: Route) -> None:
    table = TABLES[route.basename.removeprefix("api-")]
    assert table.ability == route.cls.abilities["list"]
    assert table.model is route.cls.model
    page, own = table.filterset, getattr(route.cls, "filterset_class", None)
    assert (page is None) == (own is None)
    assert page is None or own is None or issubclass(own, page) or issubclass(page, own)


@pytest.mark.parametrize("route", LISTS, ids=IDS)
def test_table_tells_the_rows_of_the_list(route: Route, ask: Caller, admin: User, cohort: Cohort) -> None:
    for _ in range(3):
        ROWS[route.basename](cohort)
    client = ask(admin)
    shown = client.get(f"{route.address()}?page_size=200").data
    answer = client.get(route.address(), headers={"Accept": "text/csv"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/csv")
    assert answer["Cache-Control"] == "no-store"
    assert "attachment" in answer["Content-Disposition"]
    told = records(answer)
    assert len(told) == len(shown["results"])
    for name in ("id", "code", "enrollment"):
        if name in told[0] and name in shown["results"][0]:
            assert [row[name] for row in told] == [str(row[name]) for row in shown["results"]]
            break
    book = load_workbook(BytesIO(body(client.get(route.address(), {"format": "xlsx"}))))
    assert book.worksheets[0].max_row == len(told) + 1
    assert book.worksheets[0].freeze_panes == "A2"


@pytest.mark.parametrize("route", LISTS, ids=IDS)
def test_table_takes_the_same_queries_for_1_and_7_rows(route: Route, ask: Caller, admin: User, cohort: Cohort) -> None:
    client, counts = ask(admin), []
    for more in (1, 6):
        for _ in range(more):
            ROWS[route.basename](cohort)
        with CaptureQueriesContext(connection) as queries:
            body(client.get(route.address(), {"format": "csv"}))
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("route", LISTS, ids=IDS)
def test_table_opens_for_those_who_may_list(
    route: Route, ask: Caller, admin: User, sari: User, made: User, joko: User, observer: User
) -> None:
    for letter, user in {"A": admin, "C": sari, "M": made, "F": joko, "O": observer}.items():
        answer = ask(user).get(route.address(), {"format": "csv"})
        assert answer.status_code == (200 if letter in WHO[route.basename]["list"] else 403)
    assert ask(None).get(route.address(), {"format": "csv"}).status_code == 401


def test_table_keeps_the_filters_and_the_order(ask: Caller, admin: User, cohort: Cohort) -> None:
    for name in ("Bu Ani", "Bu Citra", "Bu Budi"):
        ROWS["api-person"](cohort).__class__.objects.filter(pk=ROWS["api-person"](cohort).pk).update(name=name)
    client = ask(admin)
    told = records(client.get("/api/v1/people/", {"search": "Bu", "ordering": "-name", "format": "csv"}))
    assert [row["name"] for row in told] == ["Bu Citra", "Bu Budi", "Bu Ani"]


def test_wrong_filter_is_a_problem_in_json(ask: Caller, admin: User) -> None:
    wrong: list[dict[str, str]] = [{"format": "csv", "stage": "nowhere"}, {"format": "xlsx", "colour": "red"}]
    for query in wrong:
        answer = ask(admin).get("/api/v1/villages/", query)
        assert answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["errors"]


def test_other_forms_are_not_given(ask: Caller, admin: User, cohort: Cohort) -> None:
    assert ask(admin).get("/api/v1/villages/", headers={"Accept": "text/html"}).status_code == 406
    one = f"/api/v1/villages/{cohort.village_id}/"
    assert ask(admin).get(one, headers={"Accept": XLSX}).status_code == 406
    assert ask(admin).get(one, {"format": "csv"}).status_code == 404
    assert ask(admin).get("/api/v1/villages/").accepted_media_type == "application/json"


@pytest.mark.usefixtures("made")
def test_table_shows_nothing_of_others(ask: Caller, ina: User, rina: User, cohort: Cohort) -> None:
    ROWS["api-person"](cohort)
    for user in (ina, rina):
        told = records(ask(user).get("/api/v1/people/", {"format": "csv"}))
        assert str(cohort.village_id) not in {row["village"] for row in told}


def test_who_took_which_columns_is_noted(ask: Caller, sari: User, cohort: Cohort) -> None:
    ROWS["api-person"](cohort)
    body(ask(sari).get("/api/v1/people/", {"format": "csv", "search": "e"}))
    event = Event.objects.get(verb="exported")
    assert event.by == sari
    assert event.facts["table"] == "person"
    assert event.facts["rows"] == 1
    assert "name" in event.facts["columns"]
    assert "search" not in str(event.facts)
