"""Buyers, leads, exports and published figures through the API."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from accounts.models import User
from exports.models import Buyer, ExportTransaction, RegionFigure
from programs.models import Cohort
from tests import factories
from tests.api.conftest import Caller
from tests.exports.claims import pdf
from tests.factories import NOW
from villages.models import BusinessUnit

EXPORTS, BUYERS, LEADS = "/api/v1/export-transactions/", "/api/v1/buyers/", "/api/v1/leads/"
FIGURES = "/api/v1/region-figures/"


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def group(cohort: Cohort, made: User) -> BusinessUnit:
    return factories.BusinessUnitFactory.create(village=cohort.village, name="Tenun Lestari")


@pytest.fixture
def body(group: BusinessUnit) -> dict[str, Any]:
    return {
        "business_unit": group.pk,
        "route": "direct",
        "exported_on": "2026-08-20",
        "product": "Ikat cloth",
        "hs_code": "5208.59.90",
        "country": "JP",
        "quantity": "10",
        "unit": "kodi",
        "value": "12000",
        "currency": "USD",
        "rate": "15500",
        "rate_source": "KMK",
        "reference": "PEB 000123",
        "source": "Invoice",
    }


def upload(
    kind: str = "declaration", content: bytes | None = None, media_type: str = "application/pdf"
) -> dict[str, Any]:
    return {"kind": kind, "file": SimpleUploadedFile("a.pdf", content or pdf(), content_type=media_type)}


def test_export_from_report_to_total(ask: Caller, body: dict[str, Any], made: User, sari: User, observer: User) -> None:
    factories.ProductUnitFactory.create(business_unit_id=body["business_unit"])
    made_, sari_ = ask(made), ask(sari)
    created = made_.post(EXPORTS, body, format="json")
    assert created.status_code == 201, created.data
    told = {name: created.data[name] for name in ("hs_code", "pieces", "rupiah", "state", "version", "documents")}
    assert told == {
        "hs_code": "52085990",
        "pieces": "200.000",
        "rupiah": "186000000.00",
        "state": "reported",
        "version": 1,
        "documents": 0,
    }
    assert created.data["business_unit"] == {"id": body["business_unit"], "name": "Tenun Lestari"}
    address = f"{EXPORTS}{created.data['id']}/"
    assert sari_.post(f"{address}verify/").status_code == 409
    kept = made_.post(f"{address}documents/", upload(), format="multipart")
    assert (kept.status_code, kept.data["media_type"], kept.data["by"]["name"]) == (201, "application/pdf", "Made")
    assert made_.get(address).data["state"] == "evidenced"
    assert [row["id"] for row in made_.get(f"{address}documents/").data["results"]] == [kept.data["id"]]
    file = made_.get(f"{address}documents/{kept.data['id']}/")
    assert (file.status_code, b"".join(file.streaming_content)[:5]) == (200, b"%PDF-")  # type: ignore[attr-defined]
    assert made_.post(f"{address}verify/").status_code == 403
    stale = sari_.post(f"{address}verify/", headers={"If-Match": '"7"'})
    assert (stale.status_code, stale.data["code"]) == (409, "stale")
    assert ask(observer).get(address).status_code == 404
    done = sari_.post(f"{address}verify/", headers={"If-Match": '"1"'})
    assert (done.status_code, done.data["state"], done.data["verified_by"]["name"]) == (200, "verified", "Sari")
    assert sari_.post(f"{address}verify/").status_code == 409
    assert made_.patch(address, {"value": "1"}, format="json").status_code == 409
    assert made_.post(f"{address}withdraw/", {"comment": "Mine"}, format="json").status_code == 403
    totals = sari_.get(f"{EXPORTS}totals/", {"country": "JP"}).data
    assert totals == {
        "currency": "IDR",
        "verified": "186000000.00",
        "verified_count": 1,
        "reported": "0.00",
        "reported_count": 0,
    }
    read = ask(observer).get(address).data
    assert (read["state"], read["buyer"], read["reported_by"], read["verified_by"]) == ("verified", None, None, None)
    gone = sari_.post(f"{address}withdraw/", {"comment": "Sent back."}, format="json")
    assert (gone.data["state"], gone.data["comment"]) == ("withdrawn", "Sent back.")


def test_household_has_no_name_for_who_only_reads(ask: Caller, group: BusinessUnit, observer: User, joko: User) -> None:
    BusinessUnit.objects.filter(pk=group.pk).update(kind="household", name="Tenun Bu Rokhayah")
    factories.TransactionFactory.create(business_unit=group, state="verified")
    (row,) = ask(observer).get(EXPORTS).data["results"]
    assert row["business_unit"]["name"] == "A household business"
    assert ask(observer).get(EXPORTS, {"search": "Rokhayah"}).data["results"] == []


def test_buyer_and_household_exporter_are_kept_from_who_only_reads(
    ask: Caller, group: BusinessUnit, observer: User, joko: User, sari: User
) -> None:
    home = factories.BusinessUnitFactory.create(village=group.village, kind="household", name="Tenun Bu Rokhayah")
    buyer = factories.BuyerFactory.create()
    factories.TransactionFactory.create(business_unit=group, state="verified", route="indirect", via=home, buyer=buyer)
    (row,) = ask(observer).get(EXPORTS).data["results"]
    assert row["via"] == {"id": home.pk, "name": "A household business"}
    found = [len(ask(user).get(EXPORTS, {"buyer": buyer.pk}).data["results"]) for user in (sari, joko, observer)]
    assert found == [1, 0, 0]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("business_unit", 10**12),
        ("business_unit", "x"),
        ("route", "by-drone"),
        ("exported_on", "20/08/2026"),
        ("exported_on", "2026-10-02"),
        ("hs_code", "5208"),
        ("hs_code", 52085990),
        ("country", "ZZ"),
        ("country", "ID"),
        ("country", "japan"),
        ("quantity", "many"),
        ("quantity", "1e400"),
        ("quantity", "0"),
        ("value", "NaN"),
        ("value", "99999999999999999999"),
        ("value", "9999999999999999"),
        ("currency", "XYZ"),
        ("rate", "-1"),
        ("rate_source", ""),
        ("source", "\u0007"),
        ("source", "x" * 161),
        ("via", "x"),
        ("buyer", 10**12),
    ],
)
def test_wrong_export_is_refused_by_field(
    ask: Caller, body: dict[str, Any], made: User, field: str, wrong: object
) -> None:
    answer = ask(made).post(EXPORTS, {**body, field: wrong}, format="json")
    assert answer.status_code == 400, answer.data
    assert field in answer.data["errors"]
    assert not ExportTransaction.objects.exists()


def test_second_count_is_a_conflict_that_names_the_first(
    ask: Caller, body: dict[str, Any], made: User, ina: User, elsewhere: Any
) -> None:
    assert ask(made).post(EXPORTS, body, format="json").status_code == 201
    again = ask(made).post(EXPORTS, {**body, "reference": "peb000123"}, format="json")
    assert (again.status_code, "Tenun Lestari" in again.data["detail"]) == (409, True)
    other = factories.BusinessUnitFactory.create(village=elsewhere)
    unseen = ask(ina).post(EXPORTS, {**body, "business_unit": other.pk}, format="json")
    assert (unseen.status_code, "Lestari" in unseen.data["detail"]) == (409, False)


def test_export_is_changed_by_version(ask: Caller, body: dict[str, Any], made: User) -> None:
    client = ask(made)
    address = f"{EXPORTS}{client.post(EXPORTS, body, format='json').data['id']}/"
    done = client.patch(address, {"value": "13000"}, format="json", headers={"If-Match": '"1"'})
    assert (done.status_code, done.data["rupiah"], done.data["version"]) == (200, "201500000.00", 2)
    stale = client.patch(address, {"value": "1"}, format="json", headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.data["code"]) == (409, "stale")
    assert client.patch(address, {"value": "1"}, format="json", headers={"If-Match": "x"}).status_code == 400
    assert client.patch(address, {"hs_code": "770000"}, format="json").status_code == 400
    assert client.get(f"{address}cautions/").data["cautions"][0].startswith("How many pieces")


def test_documents_that_are_none_are_refused_by_status(ask: Caller, body: dict[str, Any], made: User) -> None:
    client = ask(made)
    address = f"{EXPORTS}{client.post(EXPORTS, body, format='json').data['id']}/documents/"
    picture = BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    photo = client.post(address, upload(content=picture.getvalue(), media_type="image/png"), format="multipart")
    assert (photo.status_code, photo.data["media_type"]) == (201, "image/jpeg")
    for sent, status in (
        (upload(content=b"MZ", media_type="application/x-msdownload"), 415),
        (upload(content=b"MZ", media_type="application/pdf"), 415),
        (upload(content=b"%PDF-1.4 /JavaScript %%EOF"), 400),
        (upload(content=b"%PDF-1.4 cut"), 400),
        (upload(content=b"%PDF-" + b"0" * (8 * 1024 * 1024)), 413),
        (upload(kind="selfie"), 400),
        ({"kind": "invoice"}, 400),
    ):
        answer = client.post(address, sent, format="multipart")
        assert answer.status_code == status, answer.data
    assert client.delete(f"{address}{photo.data['id']}/").status_code == 204
    assert client.delete(f"{address}{photo.data['id']}/").status_code == 404
    assert client.get(f"{address}not-a-key/").status_code == 404


def test_exports_are_filtered(ask: Caller, group: BusinessUnit, cohort: Cohort, sari: User) -> None:
    exporter = factories.BusinessUnitFactory.create(village=None, kind="exporter")
    through = factories.TransactionFactory.create(business_unit=group, via=exporter, country="NL", hs_code="61091000")
    direct = factories.TransactionFactory.create(
        business_unit=group, state="verified", exported_on="2025-12-31", product="Songket"
    )
    factories.TransactionFactory.create()
    client = ask(sari)
    cases: tuple[tuple[dict[str, Any], list[Any] | None], ...] = (
        ({}, [through, direct]),
        ({"state": "verified"}, [direct]),
        ({"route": "indirect"}, [through]),
        ({"via": exporter.pk}, [through]),
        ({"village": group.village_id, "program": cohort.program_id}, [through, direct]),
        ({"business_unit": group.pk}, [through, direct]),
        ({"region": "35.24"}, [through, direct]),
        ({"region": "35.2"}, None),
        ({"country": "NL"}, [through]),
        ({"hs_code": "61"}, [through]),
        ({"hs_code": "5208.59"}, [direct]),
        ({"hs_code": "ikat"}, None),
        ({"from": "2026-01-01"}, [through]),
        ({"to": "2025-12-31"}, [direct]),
        ({"from": "2026-13-01"}, None),
        ({"search": "songket"}, [direct]),
        ({"product_group": "food"}, []),
        ({"buyer": 1}, []),
        ({"ordering": "rupiah", "state": "lost"}, None),
    )
    for asked, found in cases:
        answer = client.get(EXPORTS, asked)
        if found is None:
            assert answer.status_code == 400, asked
        else:
            assert [row["id"] for row in answer.data["results"]] == [row.pk for row in found], asked
    assert client.get(f"{EXPORTS}totals/", {"region": "x"}).status_code == 400


def test_export_list_asks_the_same_with_many_documents(ask: Caller, group: BusinessUnit, sari: User) -> None:
    counts = []
    for many in (1, 7):
        for _ in range(many):
            export = factories.TransactionFactory.create(business_unit=group)
            factories.TransactionDocumentFactory.create_batch(2, transaction=export)
        client = ask(sari)
        with CaptureQueriesContext(connection) as queries:
            rows = client.get(EXPORTS).data["results"]
        counts.append(len(queries))
        assert {row["documents"] for row in rows} == {2}
    assert counts[0] == counts[1]


def test_buyer_and_lead(ask: Caller, group: BusinessUnit, made: User, ina: User, joko: User) -> None:
    client = ask(made)
    kyoto = {"name": "Kyoto Textile", "kind": "importer", "country": "JP", "business_unit": group.pk}
    buyer = client.post(BUYERS, kyoto, format="json")
    assert buyer.status_code == 201, buyer.data
    (lead,) = client.get(LEADS, {"buyer": buyer.data["id"]}).data["results"]
    assert (lead["state"], lead["business_unit"]["name"], lead["buyer"]["name"]) == (
        "lead", "Tenun Lestari", "Kyoto Textile"
    )  # fmt: skip
    address = f"{LEADS}{lead['id']}/"
    step = client.patch(address, {"next_step": "Send prices", "next_on": "2026-09-30"}, format="json")
    assert (step.status_code, step.data["next_on"]) == (200, "2026-09-30")
    assert len(client.get(LEADS, {"overdue": "true"}).data["results"]) == 1
    assert client.get(LEADS, {"overdue": "false"}).data["results"] == []
    assert client.post(f"{address}move/", {"to": "buying"}, format="json").data["state"] == "buying"
    assert client.post(f"{address}move/", {"to": "lead"}, format="json").status_code == 409
    assert client.post(f"{address}move/", {"to": "lost"}, format="json").status_code == 400
    lost = client.post(f"{address}move/", {"to": "lost", "reason": "Too dear"}, format="json")
    assert (lost.data["state"], lost.data["reason"]) == ("lost", "Too dear")
    assert client.get(LEADS, {"open": "true"}).data["results"] == []
    twice = client.post(LEADS, {"business_unit": group.pk, "buyer": buyer.data["id"]}, format="json")
    assert twice.status_code in {400, 409}
    assert ask(ina).get(address).status_code == 404
    assert ask(ina).post(BUYERS, {**kyoto, "business_unit": None}, format="json").status_code == 409
    assert ask(joko).get(BUYERS).status_code == 403
    changed = client.patch(f"{BUYERS}{buyer.data['id']}/", {"city": "Kyoto"}, format="json")
    assert (changed.status_code, changed.data["city"]) == (200, "Kyoto")
    assert [row["name"] for row in client.get(BUYERS, {"country": "JP", "search": "kyoto"}).data["results"]] == [
        "Kyoto Textile"
    ]
    for wrong in ({"country": "XX"}, {"kind": "spy"}, {"name": ""}, {"business_unit": 10**12}):
        assert client.post(BUYERS, {**kyoto, **wrong}, format="json").status_code == 400
    assert Buyer.objects.count() == 1


def test_figures_stand_beside_each_other(ask: Caller, cohort: Cohort, sari: User, made: User, observer: User) -> None:
    figure = {
        "region": "35.24",
        "starts_on": "2022-01-01",
        "ends_on": "2022-10-31",
        "value": "1300000000000.00",
        "currency": "IDR",
        "units": 18,
        "centres": 2,
        "countries": 46,
        "continents": 5,
        "products": ["Processed fishery products", "Footwear"],
        "population": "Exporters known to the office",
        "source": "Disperindag Lamongan",
    }
    client = ask(sari)
    entered = client.post(FIGURES, figure, format="json")
    assert entered.status_code == 201, entered.data
    assert client.post(FIGURES, figure, format="json").status_code in {400, 409}
    bps = {
        "region": "35.24",
        "starts_on": "2022-01-01",
        "ends_on": "2022-12-31",
        "source": "BPS",
        "population": "Other",
    }
    assert client.post(FIGURES, {**bps, "value": "107530000000", "currency": "IDR"}, format="json").status_code == 201
    assert ask(made).post(FIGURES, bps, format="json").status_code == 403
    rows = ask(observer).get(FIGURES, {"region": "35"}).data["results"]
    assert sorted(row["value"] for row in rows) == ["107530000000.00", "1300000000000.00"]
    assert "total" not in ask(observer).get(FIGURES).data
    assert len(client.get(FIGURES, {"from": "2022-11-01"}).data["results"]) == 1
    address = f"{FIGURES}{entered.data['id']}/"
    assert client.patch(address, {"countries": 45}, format="json").data["countries"] == 45
    assert client.patch(address, {"countries": 300}, format="json").status_code == 400
    back = client.post(f"{address}withdraw/")
    assert (back.status_code, back.data["withdrawn_by"]["name"]) == (200, "Sari")
    assert client.post(f"{address}withdraw/").status_code == 409
    assert [row["source"] for row in client.get(FIGURES).data["results"]] == ["BPS"]
    assert [row["source"] for row in client.get(FIGURES, {"withdrawn": "true"}).data["results"]] == [
        "Disperindag Lamongan"
    ]
    for wrong in ({}, {"region": "99"}, {"value": "5"}, {"starts_on": "x"}, {"population": ""}):
        assert client.post(FIGURES, {**bps, **wrong, "source": "X"}, format="json").status_code == 400
    assert RegionFigure.objects.count() == 2
