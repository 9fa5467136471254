"""The paper: one page each, every word on it, the same bytes again, and any name fits."""

import resource
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from pypdf import PdfReader
from reportlab.pdfbase.pdfmetrics import stringWidth

from common.paper.fonts import BOLD, lay_fonts
from papers.certificate import ROOM, Face, face_of, pdf_of, spread, write_bundle, write_certificates
from papers.models import Certificate
from tests.factories import CertificateFactory, EnrollmentFactory, PersonFactory

LONG = (
    "Raden Ayu Siti Fatimah Azzahra Kusumaningrum Widyastuti Prameswari "
    "Hadiningrat binti Haji Muhammad Abdurrahman Wahid S."
)
BASE = "https://devisa.example"


@pytest.fixture
def certificate(db: None) -> Certificate:
    person = PersonFactory.create(name="Siti Nur’aini Éléonore")
    return CertificateFactory.create(
        number="DD-2026-000123-K", enrollment=EnrollmentFactory.create(person=person, cohort__village=person.village)
    )


@pytest.fixture
def face(certificate: Certificate) -> Face:
    return face_of(certificate, base_url=BASE)


def words(pdf: bytes, page: int = 0) -> str:
    return " ".join(PdfReader(BytesIO(pdf)).pages[page].extract_text().split())


def test_face_speaks_indonesian_whoever_prints(face: Face) -> None:
    assert face.days == "4 Agustus – 22 September 2026"
    assert face.given.endswith("Lamongan, 30 September 2026")
    assert face.address == "https://devisa.example/v/DD-2026-000123-K"
    assert face.words == "devisa.example/v/DD-2026-000123-K"
    assert "360" in face.hours
    assert "8 JP" in face.hours


def test_page_has_every_word_and_lies_on_a4(face: Face) -> None:
    pdf = pdf_of(face)
    reader = PdfReader(BytesIO(pdf))
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [842, 595]
    assert len(reader.pages) == 1
    said = words(pdf)
    for word in (face.number, face.name, face.course, "Angkatan 1", face.given, face.signer, face.position, face.words):
        assert word in said


def test_same_certificate_gives_the_same_bytes(certificate: Certificate) -> None:
    first, second = (pdf_of(face_of(Certificate.objects.get(), base_url=BASE)) for _ in range(2))
    assert first == second
    assert certificate.name in words(first)


def test_number_of_staff_stands_under_the_name(certificate: Certificate) -> None:
    Certificate.objects.update(signer_number="19700101 199503 1 001")
    assert "NIP 19700101 199503 1 001" in words(pdf_of(face_of(Certificate.objects.get(), base_url=BASE)))
    assert "NIP" not in words(pdf_of(face_of(certificate, base_url=BASE)))


@pytest.mark.parametrize(
    "name", ["A", "Ngatini", LONG, LONG[:60], "W" * 120, "W" * 40 + " " + "i" * 79, "O'Neil-Żółć ñ", "名前", "x " * 60]
)
def test_any_name_fits_on_two_lines(face: Face, name: str) -> None:
    lay_fonts()
    size, lines = spread(name, BOLD)
    assert len(lines) <= 2
    assert all(stringWidth(line, BOLD, size) <= ROOM + 0.01 for line in lines)
    assert size >= 8
    assert len(PdfReader(BytesIO(pdf_of(replace(face, name=name)))).pages) == 1


def test_short_names_are_large_and_no_letter_is_lost(face: Face) -> None:
    lay_fonts()
    assert spread("Ngatini", BOLD) == (38, ["Ngatini"])
    assert "".join(spread("W" * 120, BOLD)[1]) == "W" * 120
    assert " ".join(spread(LONG, BOLD)[1]) == LONG


def test_revoked_and_forgotten_are_said_on_the_paper(certificate: Certificate) -> None:
    Certificate.objects.update(
        state="revoked", name="", revoked_by=certificate.issued_by, revoked_at=datetime(2026, 10, 2, 20, tzinfo=UTC)
    )
    face = face_of(Certificate.objects.get(), base_url=BASE)
    assert face.erased
    assert face.revoked.endswith("3 Oktober 2026")  # in Lamongan it was after midnight
    assert face.file_name == "DD-2026-000123-K"
    said = words(pdf_of(face))
    assert face.revoked in said
    assert "Siti" not in said


def test_batch_of_200_is_one_file_of_small_pages(face: Face, tmp_path: Path) -> None:
    def people(size: int) -> Iterator[Face]:
        for number in range(size):
            yield replace(face, name=f"Peserta {number:03}", address=f"{face.address}{number}")

    with (tmp_path / "all.pdf").open("wb") as file:
        write_certificates(people(20), file)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        write_certificates(people(200), file)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    pages = PdfReader(tmp_path / "all.pdf").pages
    assert len(pages) == 200
    assert "Peserta 199" in pages[199].extract_text()
    assert (tmp_path / "all.pdf").stat().st_size < 2_000_000
    assert grown < 40_000  # KiB


def test_bundle_has_one_file_each_and_safe_names(face: Face) -> None:
    faces = [face, replace(face, number="DD-2026-000124-X", name="../../etc/passwd \r\n A/B")]
    first, second = BytesIO(), BytesIO()
    write_bundle(faces, first)
    write_bundle(faces, second)
    assert first.getvalue() == second.getvalue()
    with ZipFile(first) as bundle:
        names = bundle.namelist()
        assert len(names) == 2
        assert not any("/" in name or "\\" in name or "\n" in name for name in names)
        assert all(bundle.read(name).startswith(b"%PDF-") for name in names)
