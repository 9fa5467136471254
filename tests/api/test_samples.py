"""Samples, parcels and schemes through the API."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from accounts.models import User
from exports.models import Sample, Shipment, SubsidyScheme
from programs.models import Program
from tests import factories
from tests.api.conftest import Caller
from tests.factories import NOW
from villages.models import BusinessUnit

SAMPLES, SHIPMENTS, CLAIMS = "/api/v1/samples/", "/api/v1/shipments/", "/api/v1/claims/"
SCHEMES, BUDGETS = "/api/v1/subsidy-schemes/", "/api/v1/budgets/"


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


def test_sample_goes_from_loom_to_buyer(
    ask: Caller, group: BusinessUnit, made: User, scheme: SubsidyScheme, ina: User
) -> None:
    client = ask(made)
    body = {"business_unit": group.pk, "product": "Ikat 2 m", "quantity": "2", "unit": "pcs"}
    sample = client.post(SAMPLES, body, format="json")
    assert sample.status_code == 201, sample.data
    assert sample.data["business_unit"] == {"id": group.pk, "name": "Tenun Lestari"}
    assert (sample.data["quantity"], sample.data["shipment"]) == ("2.000", None)
    key = sample.data["id"]
    changed = client.patch(f"{SAMPLES}{key}/", {"remark": "Indigo"}, format="json")
    assert changed.data["remark"] == "Indigo"
    sent = {"business_unit": group.pk, "samples": [key], "country": "JP", "courier": "Pos Indonesia"}
    sent |= {"waybill": "EE1ID", "shipped_on": "2026-09-28", "cost": "1000000.00"}
    parcel = client.post(SHIPMENTS, sent, format="json")
    assert parcel.status_code == 201, parcel.data
    assert (parcel.data["samples"], parcel.data["cost"], parcel.data["currency"]) == ([key], "1000000.00", "IDR")
    address = f"{SHIPMENTS}{parcel.data['id']}/"
    assert client.post(SHIPMENTS, {**sent, "waybill": "EE2ID"}, format="json").status_code == 409
    assert client.patch(f"{SAMPLES}{key}/", {"remark": "Red"}, format="json").status_code == 409
    assert client.patch(address, {"cost": "900000"}, format="json").data["cost"] == "900000.00"
    arrived = client.post(f"{address}delivery/", {"delivered_on": "2026-09-30"}, format="json")
    assert arrived.data["delivered_on"] == "2026-09-30"
    said = {"answer": "ordered", "words": "Ten kodi", "answered_on": "2026-10-01"}
    assert client.post(f"{address}answer/", said, format="json").data["answer_words"] == "Ten kodi"
    assert client.post(f"{address}answer/", {"answer": "ordered"}, format="json").status_code == 400
    limits = client.get(f"{SCHEMES}{scheme.pk}/limits/", {"shipment": parcel.data["id"]})
    assert limits.status_code == 200, limits.data
    assert (limits.data["most"], limits.data["deadline"]) == ("720000.00", "2026-11-27")
    assert ask(ina).get(address).status_code == 404
    assert ask(ina).post(f"{address}delivery/", {}, format="json").status_code == 404


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("business_unit", 10**12),
        ("samples", []),
        ("samples", "all"),
        ("samples", [10**9]),
        ("buyer", 999_999),
        ("country", "Japan"),
        ("country", "XX"),
        ("waybill", "..."),
        ("waybill", "\u0000"),
        ("shipped_on", "09/28/2026"),
        ("shipped_on", "2026-10-02"),
        ("cost", "-1"),
        ("cost", "1e30"),
    ],
)
def test_wrong_parcel_is_refused_by_field(
    ask: Caller, group: BusinessUnit, made: User, field: str, wrong: object
) -> None:
    sample = factories.SampleFactory.create(business_unit=group)
    right = {"business_unit": group.pk, "samples": [sample.pk], "country": "JP", "courier": "Pos", "waybill": "E1"}
    right |= {"shipped_on": "2026-09-28", "cost": "1000000.00"}
    answer = ask(made).post(SHIPMENTS, {**right, field: wrong}, format="json")
    assert answer.status_code == 400, answer.data
    assert wrong == "\u0000" or field in answer.data["errors"]
    assert not Shipment.objects.exists()


def test_samples_and_parcels_are_filtered(ask: Caller, group: BusinessUnit, sari: User, parcel: Shipment) -> None:
    waits = factories.SampleFactory.create(business_unit=group)
    factories.SampleFactory.create(business_unit=group, shipment=parcel)
    client = ask(sari)
    for asked, found in (({"sent": "false"}, [waits.pk]), ({"region": "52"}, []), ({"search": "lestari cloth"}, 2)):
        rows = [row["id"] for row in client.get(SAMPLES, asked).data["results"]]
        assert (rows if isinstance(found, list) else len(rows)) == found
    for asked, n in (({"from": "2026-09-11"}, 0), ({"to": "2026-09-10"}, 1), ({"answer": "awaited"}, 1)):
        assert len(client.get(SHIPMENTS, asked).data["results"]) == n
    assert client.get(SHIPMENTS, {"answer": "perhaps"}).status_code == 400
    assert Sample.objects.count() == 2


@pytest.mark.usefixtures("cohort")
def test_scheme_is_drafted_opened_and_closed(ask: Caller, program: Program, sari: User, made: User) -> None:
    client = ask(sari)
    body = {"program": program.pk, "name": "Samples", "share": 80, "ceiling_per_claim": "3000000"}
    body |= {"ceiling_per_unit": "9000000", "window_days": 60, "documents": ["waybill", "receipt"]}
    made_here = client.post(SCHEMES, body, format="json")
    assert made_here.status_code == 201, made_here.data
    assert (made_here.data["state"], made_here.data["currency"]) == ("draft", "IDR")
    address = f"{SCHEMES}{made_here.data['id']}/"
    assert client.patch(address, {"share": 75}, format="json").data["share"] == 75
    wrongs: list[dict[str, Any]] = [{"share": 101}, {"share": "x"}, {"documents": ["poem"]}, {"documents": []}]
    for wrong in (*wrongs, {"ceiling_per_unit": "1"}):
        assert client.patch(address, wrong, format="json").status_code == 400, wrong
    assert ask(made).get(address).status_code == 404  # a draft is who runs the program's
    assert client.post(f"{address}close/").status_code == 409
    assert client.post(f"{address}open/").data["state"] == "open"
    assert ask(made).get(address).status_code == 200
    assert client.post(f"{address}open/").status_code == 409
    assert client.post(f"{address}close/").data["state"] == "closed"
    assert client.get(f"{address}limits/").status_code == 400
    assert client.get(f"{address}limits/", {"shipment": "x"}).status_code == 400
