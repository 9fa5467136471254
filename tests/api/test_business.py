"""Business units, their papers and lots, and decrees of villages, through the API."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate

from accounts.models import User
from programs.models import Cohort
from tests import factories
from tests.api.conftest import Caller
from villages.models import BusinessUnit, Village

UNITS = "/api/v1/business-units/"
NIB = "1234567890123"


def body(village: Village | None, /, **changes: Any) -> dict[str, Any]:
    given = {"village": village.pk if village else None, "name": "Tenun Sekar", "kind": "household"}
    return {**given, "product_group": "textile", **changes}


def test_way_of_a_unit(ask: Caller, made: User, sari: User, cohort: Cohort) -> None:
    mentor, desk = ask(made), ask(sari)
    begun = mentor.post(UNITS, body(cohort.village, nib="1234 5678 90123", workers=4, source="Pak Kades"))
    assert begun.status_code == 201, begun.data
    assert (begun.data["inventory_state"], begun.data["nib"], begun.data["settled_by"]) == ("lead", NIB, None)
    assert begun.data["village"] == {
        "id": cohort.village_id,
        "name": "Parengan",
        "place": "Parengan, Kec. Maduran, Kab. Lamongan",
    }
    assert begun.data["registered_by"] == {"id": made.pk, "name": "Made"}
    assert [(line["kind"], line["needed"], line["state"]) for line in begun.data["legality"]] == [
        ("nib", True, "present"),
        ("brand", True, "missing"),
        ("gi", False, "missing"),
    ]
    address = f"{UNITS}{begun.data['id']}/"
    changed = mentor.patch(address, {"workers": 5, "export_status": "indirect", "first_export_on": "2026-01-05"})
    assert (changed.data["workers"], changed.data["first_export_on"]) == (5, "2026-01-05")
    assert mentor.post(f"{address}verify/").status_code == 403
    verified = desk.post(f"{address}verify/")
    assert (verified.data["inventory_state"], verified.data["settled_by"]["name"]) == ("verified", "Sari")
    assert desk.post(f"{address}verify/").status_code == 409
    assert desk.post(f"{address}dismiss/", {}).status_code == 400
    gone = desk.post(f"{address}dismiss/", {"reason": "Closed down"})
    assert (gone.data["inventory_state"], gone.data["reason"]) == ("dismissed", "Closed down")
    assert desk.patch(address, {"workers": 9}).status_code == 409
    assert desk.patch(address, {"name": "Unit 1"}).data["name"] == "Unit 1"


def test_papers_and_lots_of_a_unit(ask: Caller, made: User, cohort: Cohort) -> None:
    client = ask(made)
    unit = factories.BusinessUnitFactory.create(village=cohort.village, product_group="food")
    address = f"{UNITS}{unit.pk}/"
    ends = localdate() + timedelta(days=30)
    shown = client.post(f"{address}licences/", {"kind": "halal", "number": "ID 1", "expires_on": ends.isoformat()})
    assert shown.status_code == 201, shown.data
    [paper] = shown.data["licences"]
    assert next(line for line in shown.data["legality"] if line["kind"] == "halal") == {
        "kind": "halal",
        "needed": True,
        "state": "expiring",
        "number": "ID 1",
        "expires_on": ends.isoformat(),
    }
    one = f"{address}licences/{paper['id']}/"
    assert client.patch(one, {"expires_on": None}).data["licences"][0]["expires_on"] is None
    assert client.patch(one, {"issued_on": "2026-99-01"}).status_code == 400
    assert client.delete(one).status_code == 204
    assert client.delete(one).status_code == 404
    lots = client.post(f"{address}product-units/", {"name": "Kodi", "pieces": 20})
    assert lots.status_code == 201, lots.data
    [lot] = lots.data["product_units"]
    assert (lot["name"], lot["pieces"]) == ("kodi", 20)
    one = f"{address}product-units/{lot['id']}/"
    assert client.patch(one, {"pieces": 24}).data["product_units"][0]["pieces"] == 24
    assert client.patch(one, {}).status_code == 200
    for wrong in (0, -1, 10**30, "x", None):
        assert client.patch(one, {"pieces": wrong}).status_code == 400
    again = client.post(f"{address}product-units/", {"name": "KODI", "pieces": 3})
    assert again.status_code == 400
    assert "already says how many pieces" in again.data["detail"]
    assert client.delete(one).status_code == 204
    assert client.get(address).data["product_units"] == []


def test_paper_of_another_unit_is_not_there(ask: Caller, made: User, cohort: Cohort) -> None:
    unit, other = (factories.BusinessUnitFactory.create(village=cohort.village) for _ in range(2))
    paper = factories.LicenceFactory.create(business_unit=other)
    lot = factories.ProductUnitFactory.create(business_unit=other)
    for tail in (f"licences/{paper.pk}", f"product-units/{lot.pk}", "licences/999999999999999999"):
        assert ask(made).delete(f"{UNITS}{unit.pk}/{tail}/").status_code == 404


def test_exporter_outside_is_the_desks(ask: Caller, made: User, sari: User, cohort: Cohort) -> None:
    factories.lay_region("35.78")
    given = body(None, kind="exporter", region="35.78")
    assert ask(made).post(UNITS, given).status_code == 403
    shown = ask(sari).post(UNITS, given)
    assert (shown.status_code, shown.data["village"], shown.data["region"]) == (201, None, "35.78")
    assert ask(made).get(f"{UNITS}{shown.data['id']}/").status_code == 200
    assert ask(made).patch(f"{UNITS}{shown.data['id']}/", {"workers": 3}).status_code == 403
    without = ask(sari).post(UNITS, body(None, kind="exporter"))
    assert without.data["errors"] == {"region": ["Say where this exporter is."]}
    inside = ask(sari).post(UNITS, body(None, region="35.78"))
    assert inside.status_code == 400
    assert "only an exporter may stand outside" in inside.data["detail"]


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": 5},
        {"name": "a\x00b"},
        {"name": "x" * 121},
        {"kind": "shop"},
        {"product_group": None},
        {"nib": "12"},
        {"nib": "١٢٣٤٥٦٧٨٩٠١٢٣"},
        {"workers": -1},
        {"workers": 10**30},
        {"region": "52"},
        {"region": "35.24.10.2009\x00"},
        {"first_export_on": "2026-01-05"},
        {"first_export_on": "3026-01-05", "export_status": "direct"},
        {"village": 10**30},
    ],
)
def test_bad_bodies_are_said_and_write_nothing(
    ask: Caller, made: User, parengan: Village, change: dict[str, Any]
) -> None:
    answer = ask(made).post(UNITS, body(parengan, **change))
    assert answer.status_code == 400, answer.data
    assert not BusinessUnit.objects.exists()


def test_known_nib_names_only_what_the_caller_sees(
    ask: Caller, made: User, parengan: Village, elsewhere: Village
) -> None:
    new = factories.BusinessUnitFactory.create
    new(village=parengan, name="Sentra", nib=NIB)
    new(village=elsewhere, name="Secret", nib="9" * 13)
    assert ask(made).post(UNITS, body(parengan, nib=NIB)).data["errors"] == {
        "nib": ["This NIB already belongs to “Sentra”."]
    }
    answer = ask(made).post(UNITS, body(parengan, nib="9" * 13))
    assert answer.data["errors"] == {"nib": ["This NIB already belongs to another business unit."]}


def test_list_is_narrowed(ask: Caller, sari: User, cohort: Cohort) -> None:
    new, today = factories.BusinessUnitFactory.create, localdate()
    food = new(village=cohort.village, name="Food", product_group="food", export_status="direct", nib=NIB)
    lead = new(village=cohort.village, name="Lead", kind="household", inventory_state="lead")
    outside = new(village=None, kind="exporter", name="Outside")
    paper = factories.LicenceFactory.create
    paper(business_unit=food, kind="halal", number="old", expires_on=today - timedelta(days=1))
    paper(business_unit=lead, kind="brand", number="old", expires_on=today - timedelta(days=1))
    paper(business_unit=lead, kind="brand", number="new", expires_on=today + timedelta(days=91))
    paper(business_unit=outside, kind="other", number="a", expires_on=today + timedelta(days=90))
    paper(business_unit=outside, kind="other", number="b")

    def found(**query: Any) -> list[str]:
        answer = ask(sari).get(UNITS, query)
        assert answer.status_code == 200, answer.data
        return [row["name"] for row in answer.data["results"]]

    assert found() == ["Food", "Lead", "Outside"]
    for query, names in (
        ({"region": "35.24"}, ["Food", "Lead"]),
        ({"region": "35.78"}, ["Outside"]),
        ({"village": cohort.village_id}, ["Food", "Lead"]),
        ({"program": cohort.program_id}, ["Food", "Lead"]),
        ({"kind": "household"}, ["Lead"]),
        ({"inventory_state": "lead"}, ["Lead"]),
        ({"export_status": "direct"}, ["Food"]),
        ({"product_group": "food"}, ["Food"]),
        ({"search": NIB}, ["Food"]),
        ({"licence_expiring": "true"}, ["Food", "Outside"]),
        ({"licence_expiring": "false"}, ["Lead"]),
    ):
        assert found(**query) == names, query
    for wrong in ({"kind": "shop"}, {"region": "11.1"}, {"village": "x"}, {"colour": "red"}):
        assert ask(sari).get(UNITS, wrong).status_code == 400


def test_first_verified_export_is_shown(ask: Caller, sari: User, cohort: Cohort) -> None:
    unit = factories.BusinessUnitFactory.create(village=cohort.village)
    assert ask(sari).get(f"{UNITS}{unit.pk}/").data["first_verified_on"] is None
    for day in (20, 12):
        factories.TransactionFactory.create(business_unit=unit, state="verified", exported_on=date(2026, 8, day))
    assert ask(sari).get(f"{UNITS}{unit.pk}/").data["first_verified_on"] == "2026-08-12"


def test_decree_of_a_village(ask: Caller, sari: User, cohort: Cohort) -> None:
    address = f"/api/v1/villages/{cohort.village_id}/decree/"
    given = {"decree_number": "188/1", "decree_on": "2022-10-25"}
    shown = ask(sari).post(address, given)
    assert (shown.data["decree_number"], shown.data["decree_on"]) == ("188/1", "2022-10-25")
    assert ask(sari).post(address, given).status_code == 200
    for wrong in ({"decree_number": ""}, {"decree_on": None}, {"decree_on": "2199-01-01"}, {"decree_number": "\x00"}):
        assert ask(sari).post(address, {**given, **wrong}).status_code == 400
    Village.objects.filter(pk=cohort.village_id).update(stage="assessed")
    assert ask(sari).post(address, given).status_code == 409
    half = ask(sari).post(f"/api/v1/villages/{cohort.village_id}/move/", {"to": "designated", "decree_number": "1"})
    assert half.data["errors"] == {"decree_on": ["A decree has both a number and a date."]}


def test_villages_by_stage_group_and_commodity(ask: Caller, sari: User, cohort: Cohort) -> None:
    village = factories.VillageFactory.create(stage="proposed", commodity="Songket")
    factories.CohortFactory.create(program=cohort.program, village=village)
    for query, count in (
        ({"stage_group": "desa_devisa"}, 1),
        ({"stage_group": "candidate"}, 1),
        ({"stage_group": "out"}, 0),
        ({"commodity": "songket"}, 1),
    ):
        assert len(ask(sari).get("/api/v1/villages/", query).data["results"]) == count
    assert ask(sari).get("/api/v1/villages/", {"stage_group": "all"}).status_code == 400
