"""Papers that people send: pictures drawn anew, PDFs that only show, and nothing else."""

import zlib
from hashlib import sha256
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from accounts.models import User
from common.errors import Refused
from common.models import Event
from exports.actions import add_document, cancel_claim, remove_document, return_claim, start_claim, submit_claim
from exports.documents import PDF, read_document
from exports.models import ClaimDocument, Shipment, SubsidyClaim, SubsidyScheme
from tests.exports.claims import drafted, pdf, submitted
from tests.factories import NOW, BusinessUnitFactory, ShipmentFactory
from villages.models import BusinessUnit, Village


def picture(kind: str = "JPEG", colour: str = "red") -> bytes:
    """Draw a small picture."""
    written = BytesIO()
    Image.new("RGB", (40, 30), colour).save(written, kind)
    return written.getvalue()


def noise() -> bytes:
    """Draw a picture that is longer than what stands before its pixels."""
    written = BytesIO()
    Image.effect_noise((200, 200), 60).save(written, "JPEG")
    return written.getvalue()


def printed(*, locked: bool = False) -> bytes:
    """Print one page as an office does."""
    written = BytesIO()
    canvas = Canvas(written, encrypt="secret" if locked else None)
    canvas.drawString(100, 700, "Resi EE123456789ID, Rp1.000.000")
    canvas.showPage()
    canvas.save()
    return written.getvalue()


def packed(names: bytes, *, filters: bytes = b"/FlateDecode", head: bytes = b"/Type/ObjStm") -> bytes:
    """Put objects into a compressed stream, as newer PDFs do."""
    stream = zlib.compress(b"1 0 " + names)
    return (
        b"%PDF-1.5\n1 0 obj<<" + head + b"/N 1/First 4/Filter" + filters + b"/Length %d>>stream\n" % len(stream)
    ) + (stream + b"\nendstream endobj\n%%EOF\n")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_picture_is_drawn_anew_and_known_again(kind: str) -> None:
    sent = picture(kind)
    kept = read_document(sent, f"image/{kind.lower()}")
    assert (kept.media_type, kept.sha256) == ("image/jpeg", sha256(sent).hexdigest())
    assert Image.open(BytesIO(kept.content)).size == (40, 30)


def test_pdf_is_kept_as_it_came() -> None:
    outlined = pdf("/Outlines<</First 3 0 R/Count 1>>").replace(b"%%EOF", b"4 0 obj<<>>stream\nx\nendstream\n%%EOF")
    for sent in (printed(), pdf(), packed(b"<</Type/Catalog>>"), outlined):
        kept = read_document(sent, "application/pdf")
        assert (kept.content, kept.media_type, kept.sha256) == (sent, PDF, sha256(sent).hexdigest())


def test_what_comes_is_what_it_is_whatever_its_name_says() -> None:
    assert read_document(picture(), "image/png; charset=binary").media_type == "image/jpeg"
    assert read_document(printed(), "image/jpeg").media_type == PDF


@pytest.mark.parametrize(
    "active",
    [
        pdf("/S/JavaScript/JS(app.alert(1))"),
        pdf("/S /Java#53cript /JS (x)"),
        pdf("/#4a#61vaScript"),
        pdf("/S/Launch/F(cmd.exe)"),
        pdf("/Names<</EmbeddedFiles 9 0 R>>"),
        pdf("/Type/EmbeddedFile"),
        pdf("/Subtype/RichMedia"),
        pdf("/AcroForm<</XFA 3 0 R>>"),
        pdf("/S/SubmitForm"),
        packed(b"<</S/JavaScript/JS(x)>>"),
        packed(b"<</S/Launch>>", head=b"/Type/Obj#53tm"),
        packed(b"<</S/#4aavaScript>>", filters=b"[/FlateDecode]"),
        packed(b"<</S/JavaScript/JS(x)>>", head=b"/Type/ObjStm/X(obj)"),
        packed(b"<</S/JavaScript/JS(x)>>", head=b""),
        packed(b"<</S/JavaScript/JS(x)>>").replace(b"stream\n", b"stream\r", 1),
        packed(b"<</S/JavaScript/JS(x)>>").replace(b"stream\n", b"stream  % here\r\n", 1),
        printed(locked=True),
    ],
)
def test_pdf_that_acts_or_is_locked_is_refused(active: bytes) -> None:
    with pytest.raises(ValidationError) as refusal:
        read_document(active, "application/pdf")
    assert refusal.value.code == "active"


@pytest.mark.parametrize(
    ("content", "media_type", "code"),
    [
        (b"%PDF-1.4 cut off", "application/pdf", "broken"),
        (
            b"%PDF-1.5\n1 0 obj<</Type/ObjStm>>stream\nnothing packed\nendstream endobj\n%%EOF",
            "application/pdf",
            "broken",
        ),
        (packed(b"<</S/Launch>>").replace(b"stream\n", b"stream", 1), "application/pdf", "broken"),
        (packed(bytes(range(200)))[:-60] + b"\n%%EOF", "application/pdf", "broken"),
        (b"GIF89a" + b"\0" * 40, "image/gif", "kind"),
        (b"<svg onload='x'/>", "image/svg+xml", "kind"),
        (b"<html>", "text/html", "kind"),
        (b"PK\3\4", "application/pdf", "kind"),
        (b"MZ", "image/jpeg", "kind"),
        (b"", "application/pdf", "kind"),
        (b"", "image/png", "kind"),
        (noise()[:-900], "image/jpeg", "broken"),
        (b"%PDF-1.4" + b"\0" * (8 * 1024 * 1024), "application/pdf", "size"),
    ],
)
def test_what_is_no_document_is_refused_in_words(content: bytes, media_type: str, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        read_document(content, media_type)
    assert refusal.value.code == code
    assert str(refusal.value.messages[0]).endswith(".")


def test_packed_objects_that_never_end_are_refused() -> None:
    with pytest.raises(ValidationError) as refusal:
        read_document(packed(b"\0" * (33 * 1024 * 1024)), "application/pdf")
    assert refusal.value.code == "broken"


def test_words_about_programs_on_a_page_do_no_harm() -> None:
    written = BytesIO()
    canvas = Canvas(written, pageCompression=1)
    canvas.drawString(100, 700, "This invoice was launched with JavaScript.")
    canvas.save()
    assert read_document(written.getvalue(), PDF).media_type == PDF


# In a claim


def add(claim: SubsidyClaim, content: bytes, by: User, kind: str = "receipt") -> ClaimDocument:
    return add_document(claim, kind=kind, content=content, media_type="application/pdf", by=by, at=NOW)


@pytest.fixture
def claim(scheme: SubsidyScheme, parcel: Shipment, made: User) -> SubsidyClaim:
    """A draft without documents."""
    return start_claim(scheme=scheme, shipment=parcel, by=made, at=NOW)


def test_document_is_kept_with_its_file(claim: SubsidyClaim, made: User) -> None:
    sent = printed()
    paper = add(claim, sent, made)
    assert (paper.size, paper.media_type, paper.by, paper.live) == (len(sent), PDF, made, True)
    assert str(paper.file.name).startswith("documents/")
    with paper.opened() as opened:
        assert opened.read() == sent
    event = Event.objects.about(claim).get(verb="document_added")
    assert event.facts == {"document": str(paper.pk), "kind": "receipt", "sha256": paper.sha256}


def test_file_that_the_disk_has_lost_is_said_in_words(claim: SubsidyClaim, made: User) -> None:
    paper = add(claim, printed(), made)
    paper.file.storage.delete(str(paper.file.name))
    with pytest.raises(Refused, match="file of this document is missing"):
        paper.opened()


def test_document_shows_one_live_claim(
    claim: SubsidyClaim, scheme: SubsidyScheme, group: BusinessUnit, made: User, sari: User
) -> None:
    receipt = pdf()
    add(claim, receipt, made)
    with pytest.raises(Refused, match=r"already in this claim"):
        add(claim, receipt, made)
    parcel = ShipmentFactory.create(business_unit=BusinessUnitFactory.create(village=group.village))
    other = start_claim(scheme=scheme, shipment=parcel, by=sari, at=NOW)
    with pytest.raises(Refused, match=rf"already part of claim #{claim.pk} of Tenun Lestari\."):
        add(other, receipt, sari)
    cancel_claim(claim, comment="Another office pays", by=made, at=NOW)
    assert add(other, receipt, sari).live


def test_claim_of_strangers_is_not_named(
    claim: SubsidyClaim, elsewhere: Village, made: User, ina: User, scheme: SubsidyScheme
) -> None:
    receipt = pdf()
    add(claim, receipt, made)
    scheme.program.cohorts.create(village=elsewhere, name="B", starts_on="2026-01-01", ends_on="2026-12-31")
    parcel = ShipmentFactory.create(business_unit__village=elsewhere, waybill=claim.shipment.waybill)
    with pytest.raises(Refused) as refusal:
        start_claim(scheme=scheme, shipment=parcel, by=ina, at=NOW)
    assert str(refusal.value) == "This waybill is already part of another claim."
    parcel = ShipmentFactory.create(business_unit__village=elsewhere)
    with pytest.raises(Refused) as refusal:
        add(start_claim(scheme=scheme, shipment=parcel, by=ina, at=NOW), receipt, ina)
    assert str(refusal.value) == "This document is already part of another claim."


def test_refused_document_leaves_no_file(claim: SubsidyClaim, made: User, monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str] = []

    def fails(self: ClaimDocument, **_options: object) -> None:
        names.append(str(self.file.name))
        raise OSError

    monkeypatch.setattr(ClaimDocument, "save", fails)
    with pytest.raises(OSError):  # noqa: PT011  ours, from above
        add(claim, pdf(), made)
    assert names
    assert not ClaimDocument._meta.get_field("file").storage.exists(names[0])


def test_kind_is_one_of_ours(claim: SubsidyClaim, made: User) -> None:
    with pytest.raises(ValidationError) as refusal:
        add(claim, pdf(), made, kind="love_letter")
    assert set(refusal.value.error_dict) == {"kind"}


def test_claim_has_at_most_twenty_documents(claim: SubsidyClaim, made: User) -> None:
    for _ in range(20):
        add(claim, pdf(), made, kind="photo")
    with pytest.raises(Refused, match="at most 20 documents"):
        add(claim, pdf(), made, kind="photo")


def test_document_is_taken_out_with_its_file(
    claim: SubsidyClaim, made: User, django_capture_on_commit_callbacks: object
) -> None:
    receipt = pdf()
    paper = add(claim, receipt, made)
    name, storage = str(paper.file.name), paper.file.storage
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        remove_document(paper, by=made, at=NOW)
    assert not storage.exists(name)
    assert not claim.papers.exists()
    assert add(claim, receipt, made).pk != paper.pk
    verbs = [*Event.objects.about(claim).order_by("pk").values_list("verb", flat=True)]
    assert verbs == ["started", "document_added", "document_removed", "document_added"]


def test_documents_change_only_while_the_claim_is_written(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User
) -> None:
    claim = submitted(scheme, parcel, by=made)
    stale = SubsidyClaim.objects.get(pk=claim.pk)
    with pytest.raises(Refused, match="can no longer be changed"):
        add(claim, pdf(), made)
    return_claim(claim, comment="The receipt is missing a page", by=sari, at=NOW)
    add(claim, pdf(), made)
    submit_claim(claim, by=made, at=NOW)
    assert stale.papers.count() == 3


def test_document_that_comes_while_the_claim_is_handed_in_is_refused(
    scheme: SubsidyScheme, parcel: Shipment, made: User
) -> None:
    claim = drafted(scheme, parcel, by=made)
    stale = SubsidyClaim.objects.get(pk=claim.pk)
    submit_claim(claim, by=made, at=NOW)
    with pytest.raises(Refused, match="can no longer be changed"):
        add(stale, pdf(), made)
    with pytest.raises(Refused, match="can no longer be changed"):
        remove_document(stale.papers.all()[0], by=made, at=NOW)
