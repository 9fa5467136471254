"""Claims and budgets through the API."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from common.models import Event
from exports.models import BudgetEntry, ClaimDocument, Shipment, SubsidyClaim, SubsidyScheme
from programs.models import Cohort, Program
from tests import factories
from tests.api.conftest import Caller
from tests.exports.claims import paid, pdf, submitted, verified
from tests.factories import NOW
from villages.models import BusinessUnit

SAMPLES, SHIPMENTS, CLAIMS = "/api/v1/samples/", "/api/v1/shipments/", "/api/v1/claims/"
SCHEMES, BUDGETS = "/api/v1/subsidy-schemes/", "/api/v1/budgets/"


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


def upload(client: APIClient, claim: int, kind: str, content: bytes, media_type: str = "application/pdf") -> Any:
    """Send one file as a form."""
    file = SimpleUploadedFile("resi.pdf", content, content_type=media_type)
    return client.post(f"{CLAIMS}{claim}/documents/", {"kind": kind, "file": file}, format="multipart")


@pytest.fixture
def begun(ask: Caller, made: User, scheme: SubsidyScheme, parcel: Shipment) -> dict[str, Any]:
    """A draft as the API gave it."""
    answer = ask(made).post(CLAIMS, {"scheme": scheme.pk, "shipment": parcel.pk}, format="json")
    assert answer.status_code == 201, answer.data
    return dict(answer.data)


def test_claim_from_the_first_receipt_to_the_closed_file(
    ask: Caller, begun: dict[str, Any], made: User, sari: User, joko: User, cohort: Cohort, program: Program
) -> None:
    address, mentor, desk, payer = f"{CLAIMS}{begun['id']}/", ask(made), ask(sari), ask(joko)
    assert (begun["requested"], begun["cohort"], begun["state"]) == ("800000.00", cohort.pk, "draft")
    assert (begun["missing"], begun["year"]) == (["waybill", "receipt"], 2026)
    assert payer.get(address).status_code == 404  # nobody has handed it in
    assert mentor.patch(address, {"requested": "700000"}, format="json").data["requested"] == "700000.00"
    assert mentor.patch(address, {"requested": "800001"}, format="json").status_code == 400
    early = mentor.post(f"{address}submit/")
    assert (early.status_code, early.data["errors"]["documents"]) == (
        400,
        ["Still missing: Waybill, Payment receipt."],
    )
    for kind in ("waybill", "receipt"):
        assert upload(mentor, begun["id"], kind, pdf()).status_code == 201
    handed = mentor.post(f"{address}submit/")
    assert (handed.data["state"], handed.data["missing"], len(handed.data["documents"])) == ("submitted", [], 2)
    assert mentor.post(f"{address}submit/").status_code == 409
    assert mentor.post(f"{address}verify/").status_code == 403
    back = desk.post(f"{address}return/", {"comment": "Page 2 is missing"}, format="json")
    assert (back.data["state"], back.data["comment"]) == ("returned", "Page 2 is missing")
    assert mentor.post(f"{address}submit/").data["state"] == "submitted"
    assert desk.post(f"{address}verify/").data["verified_by"] == {"id": sari.pk, "name": "Sari"}
    assert payer.post(f"{address}pay/", {}, format="json").status_code == 400
    done = desk.post(f"{address}approve/", {"amount": "600000"}, format="json")
    assert (done.data["state"], done.data["approved_amount"]) == ("approved", "600000.00")
    payment = {"paid_on": "2026-10-01", "payment_reference": "SP2D 12"}
    assert desk.post(f"{address}pay/", payment, format="json").status_code == 403
    got = payer.post(f"{address}pay/", payment, format="json")
    assert (got.data["state"], got.data["paid_on"]) == ("paid", "2026-10-01")
    assert payer.post(f"{address}pay/", payment, format="json").status_code == 409
    assert payer.post(f"{address}close/").data["state"] == "closed"
    budget = desk.get(f"{BUDGETS}{program.pk}/").data
    assert budget["program"] == {"id": program.pk, "name": "Desa Devisa 2026"}
    money = {"ceiling": "5000000.00", "committed": "0.00", "spent": "600000.00", "left": "4400000.00"}
    assert {name: budget[name] for name in money} == money
    lines = payer.get(f"{BUDGETS}{program.pk}/entries/").data["results"]
    assert [(line["kind"], line["amount"], line["by"]["name"]) for line in lines] == [
        ("spent", "600000.00", "Joko"),
        ("committed", "600000.00", "Sari"),
    ]


def test_second_claim_of_a_waybill_names_the_first(
    ask: Caller, begun: dict[str, Any], made: User, scheme: SubsidyScheme, parcel: Shipment, group: BusinessUnit
) -> None:
    again = ask(made).post(CLAIMS, {"scheme": scheme.pk, "shipment": parcel.pk}, format="json")
    assert (again.status_code, again.data["code"]) == (409, "refused")
    assert f"claim #{begun['id']} of Tenun Lestari" in again.data["detail"]
    body = {"comment": "Sent by another office"}
    assert ask(made).post(f"{CLAIMS}{begun['id']}/cancel/", body, format="json").data["state"] == "cancelled"
    assert ask(made).post(CLAIMS, {"scheme": scheme.pk, "shipment": parcel.pk}, format="json").status_code == 201


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("scheme", 999_999),
        ("shipment", 999_999),
        ("shipment", True),
        ("requested", "0"),
        ("requested", "-5"),
        ("requested", "0.001"),
        ("requested", "NaN"),
        ("requested", "1e99"),
        ("requested", "800000.01"),
        ("cohort", 999_999),
    ],
)
def test_wrong_claim_is_refused_by_field(
    ask: Caller, made: User, scheme: SubsidyScheme, parcel: Shipment, field: str, wrong: object
) -> None:
    answer = ask(made).post(CLAIMS, {"scheme": scheme.pk, "shipment": parcel.pk, field: wrong}, format="json")
    assert answer.status_code == 400, answer.data
    assert list(answer.data["errors"]) == [field]
    assert not SubsidyClaim.objects.exists()


def test_documents_are_sent_read_and_taken_out(
    ask: Caller, begun: dict[str, Any], made: User, joko: User, ina: User
) -> None:
    client, address, sent = ask(made), f"{CLAIMS}{begun['id']}/documents/", pdf()
    kept = upload(client, begun["id"], "waybill", sent)
    assert kept.status_code == 201, kept.data
    assert (kept.data["kind"], kept.data["by"]["name"], kept.data["size"]) == ("waybill", "Made", len(sent))
    again = upload(client, begun["id"], "receipt", sent)
    assert (again.status_code, again.data["detail"]) == (409, "This document is already in this claim.")
    assert [row["id"] for row in client.get(address).data["results"]] == [kept.data["id"]]
    given = client.get(f"{address}{kept.data['id']}/")
    assert b"".join(given.streaming_content) == sent  # type: ignore[attr-defined]
    assert (given["Content-Type"], given["Cache-Control"]) == ("application/pdf", "no-store")
    assert given["Content-Disposition"].startswith("attachment;")
    for key in (uuid4(), "x", "0"):
        assert client.get(f"{address}{key}/").status_code == 404
    assert ask(ina).get(f"{address}{kept.data['id']}/").status_code == 404
    assert ask(joko).get(f"{address}{kept.data['id']}/").status_code == 404  # still a draft
    assert client.delete(f"{address}{kept.data['id']}/").status_code == 204
    assert client.delete(f"{address}{kept.data['id']}/").status_code == 404
    assert not ClaimDocument.objects.exists()


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (pdf("/S/JavaScript"), "application/pdf", 400),
        (b"%PDF-1.4", "application/pdf", 400),
        (b"PK\3\4", "application/pdf", 415),
        (b"<svg/>", "image/svg+xml", 415),
        (b"GIF89a", "image/gif", 415),
        (b"%PDF-1.4" + b"\0" * (8 * 1024 * 1024), "application/pdf", 413),
        (b"", "application/pdf", 400),
    ],
)
def test_what_is_no_document_is_refused_in_words(
    ask: Caller, begun: dict[str, Any], made: User, content: bytes, media_type: str, status: int
) -> None:
    answer = upload(ask(made), begun["id"], "waybill", content, media_type)
    assert answer.status_code == status, answer.data
    assert answer["Content-Type"] == "application/problem+json"
    assert not ClaimDocument.objects.exists()


def test_form_without_file_or_kind_is_refused_by_field(ask: Caller, begun: dict[str, Any], made: User) -> None:
    for body in ({}, {"kind": "waybill"}, {"kind": "poem", "file": SimpleUploadedFile("x.pdf", pdf())}):
        answer = ask(made).post(f"{CLAIMS}{begun['id']}/documents/", body, format="multipart")
        assert answer.status_code == 400, answer.data
        assert set(answer.data["errors"]) <= {"kind", "file"}


def test_hands_are_kept_apart(ask: Caller, scheme: SubsidyScheme, parcel: Shipment, sari: User, dewi: User) -> None:
    claim = submitted(scheme, parcel, by=sari)
    address = f"{CLAIMS}{claim.pk}/"
    own = ask(sari).post(f"{address}verify/")
    assert (own.status_code, own.data["detail"]) == (
        409,
        "Who handed a claim in does not verify it; ask a colleague.",
    )
    assert ask(dewi).post(f"{address}verify/").status_code == 200
    assert ask(sari).post(f"{address}approve/", {}, format="json").status_code == 409
    assert ask(dewi).post(f"{address}approve/", {"amount": None}, format="json").data["approved_amount"] == "800000.00"
    payment = {"paid_on": "2026-10-01", "payment_reference": "1"}
    for hand in (sari, dewi):
        assert ask(hand).post(f"{address}pay/", payment, format="json").status_code == 403


def test_administrator_is_one_hand_like_any_other(
    ask: Caller, scheme: SubsidyScheme, parcel: Shipment, made: User, admin: User
) -> None:
    claim = verified(scheme, parcel, by=made, desk=admin)
    assert ask(admin).post(f"{CLAIMS}{claim.pk}/approve/", {}, format="json").status_code == 200
    payment = {"paid_on": "2026-10-01", "payment_reference": "1"}
    refused = ask(admin).post(f"{CLAIMS}{claim.pk}/pay/", payment, format="json")
    assert (refused.status_code, "Who pays" in refused.data["detail"]) == (409, True)


def test_what_does_not_fit_the_budget_is_refused(
    ask: Caller, scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, program: Program
) -> None:
    claim = verified(scheme, parcel, by=made, desk=sari)
    Program.objects.filter(pk=program.pk).update(subsidy_ceiling=300_000)
    client = ask(sari)
    refused = client.post(f"{CLAIMS}{claim.pk}/approve/", {}, format="json")
    assert (refused.status_code, refused.data["detail"]) == (409, "Of the program's subsidy, Rp300.000 is left.")
    limits = client.get(f"{CLAIMS}{claim.pk}/limits/").data
    assert (limits["most"], limits["left_of_budget"], limits["share_of_cost"]) == (
        "300000.00",
        "300000.00",
        "800000.00",
    )
    assert client.post(f"{CLAIMS}{claim.pk}/approve/", {"amount": "300000"}, format="json").status_code == 200
    lower = client.patch(f"/api/v1/programs/{program.pk}/", {"subsidy_ceiling": "299999"}, format="json")
    assert (lower.status_code, lower.data["detail"]) == (
        409,
        "Claims of Rp300.000 are already approved or paid; the ceiling cannot be lower.",
    )
    assert Event.objects.filter(verb="approved").count() == BudgetEntry.objects.count() == 1


@pytest.mark.parametrize("act", ["return", "reject", "cancel"])
def test_decision_against_a_claim_says_why(
    ask: Caller, scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, act: str
) -> None:
    claim = submitted(scheme, parcel, by=made)
    for wrong in ({}, {"comment": ""}, {"comment": "  "}, {"comment": "x" * 601}, {"comment": 5}):
        answer = ask(sari).post(f"{CLAIMS}{claim.pk}/{act}/", wrong, format="json")
        assert (answer.status_code, list(answer.data["errors"])) == (400, ["comment"])
    assert ask(sari).post(f"{CLAIMS}{claim.pk}/{act}/", {"comment": "No sample"}, format="json").status_code == 200


def test_sentences_are_in_the_callers_language(
    ask: Caller, begun: dict[str, Any], made: User, scheme: SubsidyScheme, parcel: Shipment
) -> None:
    client = ask(made)
    body = {"scheme": scheme.pk, "shipment": parcel.pk}
    said = {
        language: client.post(CLAIMS, body, format="json", headers={"Accept-Language": language}).data["detail"]
        for language in ("id", "en")
    }
    assert said["id"] != said["en"]
    assert f"#{begun['id']}" in said["id"]


def test_claims_are_seen_by_who_works_with_them(
    ask: Caller, scheme: SubsidyScheme, parcel: Shipment, made: User, ina: User, rina: User, joko: User, observer: User
) -> None:
    claim = submitted(scheme, parcel, by=made)
    for user, status in ((made, 200), (joko, 200), (ina, 404), (rina, 404), (observer, 403)):
        assert ask(user).get(f"{CLAIMS}{claim.pk}/").status_code == status
    assert ask(ina).post(f"{CLAIMS}{claim.pk}/cancel/", {"comment": "x"}, format="json").status_code == 404
    assert ask(rina).get(f"{BUDGETS}{scheme.program_id}/").status_code == 404
    assert ask(rina).get(f"{BUDGETS}{scheme.program_id}/entries/").status_code == 404
    assert ask(made).get(BUDGETS).status_code == 403


def test_claims_are_filtered(
    ask: Caller, scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, joko: User, cohort: Cohort
) -> None:
    claim = paid(scheme, parcel, by=made, desk=sari, payer=joko)
    client = ask(sari)
    asked: list[tuple[dict[str, Any], int]] = [
        ({"state": "paid"}, 1),
        ({"state": "draft"}, 0),
        ({"program": scheme.program_id}, 1),
        ({"scheme": scheme.pk}, 1),
        ({"cohort": cohort.pk}, 1),
        ({"business_unit": parcel.business_unit_id}, 1),
        ({"business_unit": 1}, 0),
        ({"village": cohort.village_id}, 1),
        ({"region": "35.24"}, 1),
        ({"region": "35.25"}, 0),
        ({"search": "sp2d lestari"}, 1),
        ({"from": "2026-10-02"}, 0),
    ]
    for filters, n in asked:
        assert len(client.get(CLAIMS, filters).data["results"]) == n, filters
    for wrong in ({"state": "gone"}, {"colour": "red"}, {"from": "x"}):
        assert client.get(CLAIMS, wrong).status_code == 400
    assert claim.paid_on == date(2026, 10, 8)


def test_ledger_takes_the_same_queries_for_1_and_7_lines(
    ask: Caller, scheme: SubsidyScheme, group: BusinessUnit, made: User, sari: User, joko: User
) -> None:
    client, counts = ask(joko), []
    for more in (1, 3):
        for _ in range(more):
            parcel = factories.ShipmentFactory.create(business_unit=group)
            paid(scheme, parcel, by=made, desk=sari, payer=joko)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(f"{BUDGETS}{scheme.program_id}/entries/")
        counts.append((len(answer.data["results"]), len(queries)))
    assert [n for n, _queries in counts] == [2, 8]
    assert counts[0][1] == counts[1][1]
