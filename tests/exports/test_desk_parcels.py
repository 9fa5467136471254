"""Samples, parcels and schemes on their pages."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from exports.models import Sample, Shipment, SubsidyScheme
from programs.models import Program
from tests import factories
from tests.exports.claims import submitted
from tests.exports.desk import sent, shown
from villages.models import BusinessUnit

pytestmark = pytest.mark.usefixtures("clock")
PARCEL = {
    "country": "JP",
    "buyer": "",
    "courier": "JNE",
    "waybill": "A 1",
    "shipped_on": "30/9/2026",
    "cost": "750.000",
}
SCHEME = {
    "name": "Second",
    "share": "70",
    "ceiling_per_claim": "1.000.000",
    "ceiling_per_unit": "5.000.000",
    "window_days": "30",
    "documents": ["waybill"],
}


def test_sample_is_written_down_changed_and_sent(reader: Client, group: BusinessUnit, made: User) -> None:
    reader.force_login(made)
    given = {"business_unit": group.pk, "product": "Ikat", "quantity": "1,5", "unit": "kodi", "remark": ""}
    assert sent(reader, "/samples/new/", given)[0] == 302
    sample = Sample.objects.get()
    assert sent(reader, f"/samples/{sample.pk}/edit/", {**given, "product": "Ikat indigo"})[0] == 302
    words = shown(reader, f"/samples/{sample.pk}/")[1]
    assert ("Ikat indigo" in words, "1,5 kodi" in words, "Not sent yet" in words) == (True, True, True)
    assert reader.get("/shipments/new/")["Location"] == f"/shipments/new/?unit={group.pk}"
    status, words = sent(reader, f"/shipments/new/?unit={group.pk}", {**PARCEL, "samples": [sample.pk]})
    shipment = Shipment.objects.get()
    assert (status, int(shipment.cost), shipment.shipped_on) == (302, 750_000, date(2026, 9, 30))
    assert ("Claim the subsidy" in words, "Japan" in words) == (True, True)
    assert f"/shipments/{shipment.pk}/" in shown(reader, f"/samples/{sample.pk}/")[1]
    status, words = sent(reader, f"/samples/{sample.pk}/edit/", {**given, "product": "Other"})
    assert status == 409


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"country": "ID"}, "Select a valid choice"),
        ({"cost": "-1"}, "Write an amount in rupiah"),
        ({"shipped_on": "2/10/2026"}, "still to come"),
        ({"waybill": "\x00"}, "characters"),
        ({"samples": []}, "Choose at least one sample"),
        ({"samples": ["x"]}, "not a valid value"),
    ],
)
def test_bad_parcel_is_said_and_nothing_is_lost(
    reader: Client, group: BusinessUnit, made: User, change: dict[str, Any], sentence: str
) -> None:
    sample = factories.SampleFactory.create(business_unit=group)
    reader.force_login(made)
    data = {**PARCEL, "samples": [sample.pk], "courier": "Courier of ours", **change}
    status, words = sent(reader, f"/shipments/new/?unit={group.pk}", data)
    assert (status, sentence in words, "Courier of ours" in words) == (400, True, True)
    assert not Shipment.objects.exists()


def test_unit_is_asked_for_when_several_wait(reader: Client, group: BusinessUnit, made: User) -> None:
    other = factories.BusinessUnitFactory.create(village=group.village, name="Second group")
    reader.force_login(made)
    assert "No sample waits" in shown(reader, "/shipments/new/")[1]
    for unit in (group, other):
        factories.SampleFactory.create_batch(2, business_unit=unit)
    words = shown(reader, "/shipments/new/")[1]
    assert (words.count("2 samples wait"), "Second group" in words) == (2, True)
    for wrong in ("x", "0", "9" * 30, "²"):
        assert shown(reader, f"/shipments/new/?unit={wrong}")[0] == 404


def test_arrival_and_answer_are_noted(
    reader: Client, funded: Program, parcel: Shipment, made: User, joko: User
) -> None:
    reader.force_login(made)
    page = f"/shipments/{parcel.pk}"
    assert "No answer yet. The parcel left 21 days ago." in shown(reader, f"{page}/")[1]
    assert sent(reader, f"{page}/delivery/", {"delivered_on": "9/9/2026"})[0] in (400, 409)
    assert sent(reader, f"{page}/delivery/", {"delivered_on": "20/9/2026"})[0] == 302
    assert sent(reader, f"{page}/answer/", {"answer": "awaited", "answered_on": "25/9/2026"})[0] == 400
    answer = {"answer": "ordered", "answered_on": "25/9/2026", "words": "Two kodi, please."}
    assert sent(reader, f"{page}/answer/", answer)[0] == 302
    words = shown(reader, f"{page}/")[1]
    assert ("Two kodi, please." in words, "Ordered" in words, "Sunday, 20 September 2026" in words) == (True,) * 3
    reader.force_login(joko)
    assert (shown(reader, f"{page}/")[0], shown(reader, f"{page}/answer/")[0]) == (200, 403)


def test_claimed_parcel_keeps_its_waybill(reader: Client, scheme: SubsidyScheme, parcel: Shipment, made: User) -> None:
    submitted(scheme, parcel, by=made)
    reader.force_login(made)
    status, _words = sent(reader, f"/shipments/{parcel.pk}/edit/", {**PARCEL, "waybill": "OTHER"})
    assert status == 409
    parcel.refresh_from_db()
    assert parcel.waybill == "EE 123 456 789 ID"


def test_parcels_are_seen_by_who_works_there(
    client: Client, parcel: Shipment, ina: User, rina: User, observer: User, joko: User, group: BusinessUnit
) -> None:
    sample = factories.SampleFactory.create(business_unit=group)
    for user, status in ((ina, 404), (rina, 404), (observer, 403)):
        client.force_login(user)
        for page in (f"/shipments/{parcel.pk}/", f"/samples/{sample.pk}/"):
            assert client.get(page).status_code == status
    client.force_login(joko)
    for page in ("/samples/new/", "/shipments/new/", f"/samples/{sample.pk}/edit/", f"/shipments/{parcel.pk}/edit/"):
        assert client.get(page).status_code == 403


def test_scheme_is_drafted_opened_changed_and_closed(reader: Client, funded: Program, sari: User, joko: User) -> None:
    reader.force_login(sari)
    status, words = sent(reader, f"/programs/{funded.pk}/schemes/new/", SCHEME)
    scheme = SubsidyScheme.objects.get()
    page = f"/schemes/{scheme.pk}"
    assert (status, "Open for claims" in words, scheme.ceiling_per_claim) == (302, True, 1_000_000)
    reader.force_login(joko)
    assert shown(reader, f"{page}/")[0] == 404
    assert reader.post(f"{page}/open/").status_code in (403, 404)
    reader.force_login(sari)
    assert [sent(reader, f"{page}/open/")[0] for _ in range(2)] == [302, 302]
    assert sent(reader, f"{page}/edit/", {**SCHEME, "share": "75"})[0] == 302
    assert "75%" in shown(reader, f"{page}/")[1]
    assert "takes no new claims" in sent(reader, f"{page}/close/")[1]


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        ({"share": "101"}, 400, "100"),
        ({"ceiling_per_unit": "500.000"}, 400, "not lower than that of one claim"),
        ({"documents": ["passport"]}, 400, "not one of the available choices"),
        ({"name": "Sample shipping 2026"}, 409, "already has a scheme of this name"),
    ],
)
def test_bad_scheme_is_said(
    reader: Client, scheme: SubsidyScheme, sari: User, change: dict[str, Any], status: int, sentence: str
) -> None:
    reader.force_login(sari)
    found, words = sent(reader, f"/programs/{scheme.program_id}/schemes/new/", {**SCHEME, **change})
    assert (found, sentence in words) == (status, True)


def test_schemes_of_others_cannot_be_drafted(client: Client, funded: Program, rina: User, made: User) -> None:
    for user, status in ((rina, 404), (made, 403)):
        client.force_login(user)
        assert client.post(f"/programs/{funded.pk}/schemes/new/", SCHEME).status_code == status
