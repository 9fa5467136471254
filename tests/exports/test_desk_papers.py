"""One claim on its pages: how much can be asked for, and the documents that show it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from exports.actions import submit_claim
from exports.models import ClaimDocument, Shipment, SubsidyClaim, SubsidyScheme
from programs.models import Program
from tests import factories
from tests.exports.claims import drafted, pdf, submitted
from tests.exports.desk import scan, sent, shown
from tests.factories import NOW
from tests.mentoring.pictures import drawn
from villages.models import BusinessUnit

pytestmark = pytest.mark.usefixtures("clock")


def test_form_shows_how_the_most_comes_about(
    reader: Client, scheme: SubsidyScheme, parcel: Shipment, group: BusinessUnit, made: User, funded: Program
) -> None:
    address = f"/shipments/{parcel.pk}/claim/"
    reader.force_login(made)
    words = shown(reader, address)[1]
    for part in ("80% of what the parcel cost, Rp1.000.000", "Rp3.000.000", "Rp10.000.000 for 2026", "Rp5.000.000"):
        assert part in words
    assert 'value="800.000"' in words
    assert "Monday, 9 November 2026" in words
    status, words = sent(reader, address, {"requested": "800.001"})
    assert (status, "The scheme pays Rp800.000 of this parcel" in words, "800.001" in words) == (400, True, True)
    Program.objects.filter(pk=funded.pk).update(subsidy_ceiling=0)
    assert "Of the program&#x27;s subsidy, Rp0 is left" in shown(reader, address)[1]


def test_several_schemes_are_chosen_from_and_none_is_said(
    reader: Client, scheme: SubsidyScheme, parcel: Shipment, made: User
) -> None:
    other = factories.SchemeFactory.create(program=scheme.program, name="Second scheme")
    factories.SchemeFactory.create(name="Elsewhere")
    reader.force_login(made)
    words = shown(reader, f"/shipments/{parcel.pk}/claim/")[1]
    assert ("Second scheme" in words, "Elsewhere" in words, "requested" in words) == (True, False, False)
    assert "requested" in shown(reader, f"/shipments/{parcel.pk}/claim/?scheme={other.pk}")[1]
    assert shown(reader, f"/shipments/{parcel.pk}/claim/?scheme=x")[0] == 404
    SubsidyScheme.objects.update(state="closed")
    assert "No scheme is open here" in shown(reader, f"/shipments/{parcel.pk}/claim/")[1]
    assert reader.post(f"/shipments/{parcel.pk}/claim/", {"requested": "1"}).status_code == 404


def test_a_parcel_is_claimed_once_and_the_other_claim_is_named(
    reader: Client, scheme: SubsidyScheme, parcel: Shipment, made: User
) -> None:
    claim = submitted(scheme, parcel, by=made)
    reader.force_login(made)
    status, words = sent(reader, f"/shipments/{parcel.pk}/claim/", {"requested": "800.000"})
    assert (status, f"already part of claim #{claim.pk} of Tenun Lestari" in words) == (409, True)
    assert "Claim the subsidy" not in shown(reader, f"/shipments/{parcel.pk}/")[1]


def test_amount_is_changed_while_it_may_be(reader: Client, scheme: SubsidyScheme, parcel: Shipment, made: User) -> None:
    claim = drafted(scheme, parcel, by=made)
    reader.force_login(made)
    assert 'value="800.000"' in shown(reader, f"/claims/{claim.pk}/edit/")[1]
    assert sent(reader, f"/claims/{claim.pk}/edit/", {"requested": "700.000"})[0] == 302
    submit_claim(SubsidyClaim.objects.get(), by=made, at=NOW)
    status, words = sent(reader, f"/claims/{claim.pk}/edit/", {"requested": "600.000"})
    assert (status, "can no longer be changed" in words) == (409, True)


def test_photo_from_a_phone_becomes_a_document(
    reader: Client, scheme: SubsidyScheme, parcel: Shipment, made: User, joko: User
) -> None:
    claim = drafted(scheme, parcel, by=made)
    reader.force_login(made)
    address = f"/claims/{claim.pk}/documents/new/"
    words = shown(reader, f"{address}?kind=photo")[1]
    assert ('capture="environment"' in words, '<option value="photo" selected>' in words) == (True, True)
    photo = scan(drawn(), "camera.jpg", "image/jpeg")
    assert sent(reader, address, {"kind": "photo", "photo": photo})[0] == 302
    kept = claim.papers.get(kind="photo")
    answer = reader.get(f"/claims/{claim.pk}/documents/{kept.pk}/")
    assert answer["Content-Type"] == "image/jpeg"
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({}, "Take a photo of the paper, or choose one file"),
        ({"file": ("a.txt", b"hello", "text/plain")}, "PDF"),
        ({"file": ("a.pdf", b"%PDF-1.4 /JavaScript", "application/pdf")}, "PDF"),
        ({"photo": ("a.jpg", b"no picture", "image/jpeg")}, "photo"),
        ({"photo": ("a.jpg", b"x", "image/jpeg"), "file": ("a.pdf", b"x", "application/pdf")}, "choose one file"),
    ],
)
def test_what_cannot_be_kept_is_said(
    reader: Client,
    files: dict[str, tuple[str, bytes, str]],
    sentence: str,
    scheme: SubsidyScheme,
    parcel: Shipment,
    made: User,
) -> None:
    claim = drafted(scheme, parcel, by=made)
    reader.force_login(made)
    sent_files = {name: scan(content, file, kind) for name, (file, content, kind) in files.items()}
    status, words = sent(reader, f"/claims/{claim.pk}/documents/new/", {"kind": "invoice", **sent_files})
    assert (status, sentence in words) == (400, True)
    assert claim.papers.count() == 2


def test_same_document_twice_is_refused_and_named(
    reader: Client, scheme: SubsidyScheme, parcel: Shipment, group: BusinessUnit, made: User
) -> None:
    first = drafted(scheme, parcel, by=made)
    second = drafted(scheme, factories.ShipmentFactory.create(business_unit=group), by=made)
    content = pdf()
    reader.force_login(made)
    for claim, status in ((first, 302), (second, 409)):
        data = {"kind": "invoice", "file": scan(content)}
        found, words = sent(reader, f"/claims/{claim.pk}/documents/new/", data)
        assert found == status
    assert f"already part of claim #{first.pk}" in words


def test_documents_are_seen_with_their_claim_and_no_other(
    client: Client, scheme: SubsidyScheme, parcel: Shipment, made: User, joko: User, ina: User, observer: User
) -> None:
    claim = submitted(scheme, parcel, by=made)
    paper = ClaimDocument.objects.filter(claim=claim)[0]
    for user, status in ((joko, 200), (ina, 404), (observer, 403)):
        client.force_login(user)
        assert client.get(f"/claims/{claim.pk}/documents/{paper.pk}/").status_code == status
    client.force_login(made)
    assert client.get(f"/claims/{claim.pk + 1}/documents/{paper.pk}/").status_code == 404
    answer = client.post(f"/claims/{claim.pk}/documents/{paper.pk}/remove/")
    assert answer.status_code == 409
    assert claim.papers.count() == 2


def test_claim_page_costs_the_same_for_few_papers_and_many(
    reader: Client, scheme: SubsidyScheme, parcel: Shipment, made: User
) -> None:
    claim = drafted(scheme, parcel, by=made)
    reader.force_login(made)
    shown(reader, f"/claims/{claim.pk}/")
    counts = []
    for more in (1, 6):
        for _ in range(more):
            factories.ClaimDocumentFactory.create(claim=claim, kind="other")
            factories.SampleFactory.create(business_unit=parcel.business_unit, shipment=parcel)
        with CaptureQueriesContext(connection) as asked:
            assert shown(reader, f"/claims/{claim.pk}/")[0] == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
