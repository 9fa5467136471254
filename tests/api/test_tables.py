"""Every list of the API as a table: the same rows by the same filters, and nothing that a spreadsheet could run."""

import csv
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.models import User
from api import tables
from common.models import Event
from common.sheets import XLSX
from downloads.desk import write_waiting
from downloads.lists import TABLES
from programs.models import Cohort
from tests import factories
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
    taking = int(route.basename == "api-audit-event")  # that the list was taken as CSV is one more reading
    assert book.worksheets[0].max_row == len(told) + 1 + taking
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


def test_long_workbook_is_written_in_the_background(
    ask: Caller, sari: User, ina: User, cohort: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "AT_ONCE", 1)
    for name in ("Bu Ani", "Bu Budi", "Pak Citra"):
        factories.PersonFactory.create(village=cohort.village, name=name)
    client = ask(sari)
    query = {"search": "Bu", "page_size": "1", "ordering": "-name"}
    answer = client.get("/api/v1/people/", query, headers={"Accept": XLSX})
    assert (answer.status_code, answer["Content-Type"]) == (202, "application/json")
    assert answer.json() == {"id": answer.json()["id"], "total": 2, "address": answer["Location"]}
    assert not Event.objects.filter(verb="exported").exists()
    waiting = client.get(answer["Location"]).json()
    assert (waiting["state"], waiting["total"], waiting["file"]) == ("waiting", 2, None)
    assert client.get(f"{answer['Location']}file/").status_code == 409
    write_waiting()
    ready = client.get(answer["Location"]).json()
    assert (ready["state"], ready["done"]) == ("ready", 2)
    file = client.get(ready["file"], headers={"Accept": XLSX})
    assert (file.status_code, file["Content-Type"], file["Cache-Control"]) == (200, XLSX, "no-store")
    sheet = load_workbook(BytesIO(body(file))).worksheets[0]
    assert {"Bu Ani", "Bu Budi"} == {row[1].value for row in sheet.iter_rows(min_row=2)}
    assert Event.objects.filter(verb="exported").get().facts["rows"] == 2
    assert ask(ina).get(ready["file"]).status_code == 404
    assert ask(None).get(ready["file"]).status_code == 401


def test_csv_leaves_at_once_however_long(
    ask: Caller, sari: User, cohort: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "AT_ONCE", 0)
    ROWS["api-person"](cohort)
    assert len(records(ask(sari).get("/api/v1/people/", {"format": "csv"}))) == 1


def test_long_workbook_that_a_page_filters_otherwise_is_refused(
    ask: Caller, sari: User, cohort: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "AT_ONCE", 0)
    ROWS["api-message"](cohort)
    answer = ask(sari).get("/api/v1/messages/", {"format": "xlsx"})
    assert answer.status_code == 409
    assert "take it as CSV" in answer.json()["detail"]


def test_who_only_reads_takes_no_names_of_households_buyers_or_colleagues(
    ask: Caller, sari: User, admin: User, observer: User, cohort: Cohort
) -> None:
    home = factories.BusinessUnitFactory.create(village=cohort.village, kind="household", name="Bu Ani")
    buyer = factories.BuyerFactory.create(name="Kain GmbH")
    factories.TransactionFactory.create(
        business_unit=home, buyer=buyer, state="verified", reported_by=sari, verified_by=admin
    )
    [whole] = records(ask(sari).get("/api/v1/export-transactions/", {"format": "csv"}))
    names = ("business_unit_name", "buyer_name", "reported_by_name", "verified_by_name")
    assert [whole[name] for name in names] == ["Bu Ani", "Kain GmbH", sari.name, admin.name]
    [row] = records(ask(observer).get("/api/v1/export-transactions/", {"format": "csv"}))
    assert [row[name] for name in (*names, "buyer", "reported_by", "verified_by")] == [
        *("A household business", "", "", "", "", "", ""),
    ]
    assert row["rupiah"] == whole["rupiah"]
    sheet = body(ask(observer).get("/api/v1/export-transactions/", {"format": "xlsx"}))
    shown = str([[cell.value for cell in line] for line in load_workbook(BytesIO(sheet)).worksheets[0].iter_rows()])
    assert "Bu Ani" not in shown
    assert "Kain" not in shown


def test_who_pays_takes_no_buyers_and_a_mentor_counts_own_leads_only(
    ask: Caller, made: User, joko: User, cohort: Cohort
) -> None:
    home = factories.BusinessUnitFactory.create(village=cohort.village)
    lead = factories.LeadFactory.create(business_unit=home)
    factories.LeadFactory.create(buyer=lead.buyer)
    factories.ShipmentFactory.create(business_unit=home, buyer=lead.buyer)
    for user, name in ((made, lead.buyer.name), (joko, "")):
        [row] = records(ask(user).get("/api/v1/shipments/", {"format": "csv"}))
        assert row["buyer_name"] == name
    [row] = records(ask(made).get("/api/v1/buyers/", {"format": "csv"}))
    assert row["leads"] == "1"
