"""Pages of certificates: the three lists, issuing, the paper, revoking, correcting."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import User
from common.models import Event
from papers.models import Certificate, Letterhead
from programs.models import Cohort, Enrollment, Session
from tests.factories import CertificateFactory, CohortFactory, EnrollmentFactory, lay_course, lay_graduate
from villages.actions import anonymise_person, change_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

SIGNED: dict[str, Any] = {
    "given_in": "Lamongan",
    "given_on": "1 Oktober 2026",
    "signer": "Nur Hidayat",
    "position": "Kepala Dinas",
}


@pytest.fixture
def desk(reader: Client, sari: User) -> Client:
    """Sari's browser."""
    reader.force_login(sari)
    return reader


@pytest.fixture
def certificate(lidia_done: Enrollment) -> Certificate:
    """Bu Lidia's certificate."""
    return CertificateFactory.create(enrollment=lidia_done)


def read(client: Client, name: str, key: int, status: int = 200) -> str:
    answer = client.get(reverse(name, args=[key]))
    assert answer.status_code == status, answer.content.decode()[:2000]
    return " ".join(answer.content.decode().split())


def press(client: Client, name: str, key: int, *, status: int = 302, **typed: Any) -> str:
    answer = client.post(reverse(name, args=[key]), typed)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return " ".join(answer.content.decode().split())


def fetched(client: Client, name: str, key: int) -> bytes:
    answer: Any = client.get(reverse(name, args=[key]))
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    return b"".join(answer.streaming_content)


# -- The lists --------------------------------------------------------------------------------------------------------


def test_page_shows_rule_ready_issued_and_reasons(
    desk: Client, lidia_done: Enrollment, rini_short: Enrollment, course: Session, cohort: Cohort
) -> None:
    issued = CertificateFactory.create(enrollment=lay_graduate(course, name="Siti Aminah"))
    revoked = CertificateFactory.create(enrollment=lidia_done, state="revoked")
    page = read(desk, "cohort-certificates", cohort.pk)
    for words in (
        "Design: at least 96 of 120 minutes (80%)",
        "1 person may get a certificate",
        f'value="{lidia_done.pk}" checked',
        "Siti Aminah",
        issued.number,
        revoked.number,
        "Printed for the wrong course",
        "Design: 50 of 96 minutes",
    ):
        assert words in page
    assert "No longer meets the rule" not in page


def test_page_says_whose_certificate_no_longer_fits(
    desk: Client, certificate: Certificate, course: Session, cohort: Cohort
) -> None:
    course.seats.update(minutes=30)
    assert "No longer meets the rule" in read(desk, "cohort-certificates", cohort.pk)


def test_empty_page_says_what_to_do(desk: Client, cohort: Cohort, course: Session) -> None:
    page = read(desk, "cohort-certificates", cohort.pk)
    assert reverse("cohort-enroll", args=[cohort.pk]) in page
    other = CohortFactory.create(program=cohort.program)
    page = read(desk, "cohort-certificates", other.pk)
    assert "No training is required of this cohort yet" in page
    EnrollmentFactory.create(cohort=cohort)
    assert "No certificate yet" in read(desk, "cohort-certificates", cohort.pk)
    for name in ("certificates-pdf", "certificates-zip"):
        assert "no valid certificate yet" in read(desk, name, cohort.pk, 409)


def test_cohort_links_to_its_certificates(desk: Client, cohort: Cohort) -> None:
    assert reverse("cohort-certificates", args=[cohort.pk]) in read(desk, "cohort-detail", cohort.pk)


def test_lists_take_the_same_queries_for_1_and_7(desk: Client, cohort: Cohort) -> None:
    course, counts = lay_course(cohort), []
    for more in (1, 6):
        for _ in range(more):
            lay_graduate(course)
            lay_graduate(course, minutes=10)
            CertificateFactory.create(enrollment=lay_graduate(course))
            CertificateFactory.create(enrollment=lay_graduate(course), state="revoked")
        for name in ("cohort-certificates", "certificates-pdf", "certificates-zip"):
            with CaptureQueriesContext(connection) as queries:
                assert desk.get(reverse(name, args=[cohort.pk])).status_code == 200
            counts.append(len(queries))
    assert counts[:3] == counts[3:]


# -- Issuing ----------------------------------------------------------------------------------------------------------


def test_ticked_people_get_their_certificates_once(
    desk: Client, lidia_done: Enrollment, course: Session, cohort: Cohort
) -> None:
    other = lay_graduate(course, name="Siti Aminah")
    press(desk, "certificate-issue", cohort.pk, enrollments=[lidia_done.pk], **SIGNED)
    (made,) = Certificate.objects.all()
    assert (made.name, made.signer, made.given_on.isoformat()) == ("Lidia Wati", "Nur Hidayat", "2026-10-01")
    page = read(desk, "cohort-certificates", cohort.pk)
    assert "1 certificate is issued." in page
    assert 'value="Kepala Dinas"' in page  # as last time
    press(desk, "certificate-issue", cohort.pk, enrollments=[lidia_done.pk, other.pk], **SIGNED)
    assert "1 certificate is issued. 1 had one already." in read(desk, "cohort-certificates", cohort.pk)
    assert Certificate.objects.count() == 2


def test_letterhead_is_proposed(desk: Client, lidia_done: Enrollment, cohort: Cohort) -> None:
    assert 'value="Lamongan"' in read(desk, "cohort-certificates", cohort.pk)
    Letterhead.objects.create(
        program=cohort.program, organiser="Disperindag", city="Surabaya", signer="Bu Ratna", position="Plt. Kepala"
    )
    page = read(desk, "cohort-certificates", cohort.pk)
    for words in ('value="Surabaya"', 'value="Bu Ratna"', 'value="Plt. Kepala"', 'value="2026-10-01"'):
        assert words in page


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"enrollments": []}, "Choose at least one participant."),
        ({"enrollments": ["x"]}, "is not a valid value"),
        ({"enrollments": ["9" * 5000]}, "Participants:"),
        ({"enrollments": ["٣"]}, "Participants:"),
        ({"given_on": "13/13/2026"}, "Write the date as day, month, year"),
        ({"given_on": "10/13/2026"}, "Write the date as day, month, year"),
        ({"signer": ""}, "This field is required."),
        ({"position": "bell \x07"}, "cannot be kept"),
        ({"signer": "x" * 121}, "at most 120"),
    ],
)
def test_wrong_form_is_shown_again_with_all_that_was_typed(
    desk: Client, lidia_done: Enrollment, cohort: Cohort, wrong: dict[str, Any], sentence: str
) -> None:
    typed = {"enrollments": [lidia_done.pk], **SIGNED, "given_in": "Babat", **wrong}
    page = press(desk, "certificate-issue", cohort.pk, status=400, **typed)
    assert sentence in page
    assert 'value="Babat"' in page
    if typed["enrollments"] == [lidia_done.pk]:
        assert f'value="{lidia_done.pk}" checked' in page
    assert not Certificate.objects.exists()


def test_who_fell_short_meanwhile_stops_all_with_a_sentence(
    desk: Client, lidia_done: Enrollment, rini_short: Enrollment, cohort: Cohort
) -> None:
    page = press(desk, "certificate-issue", cohort.pk, status=409, enrollments=[lidia_done.pk, rini_short.pk], **SIGNED)
    assert "Rini cannot get a certificate yet. Design: 50 of 96 minutes." in page
    assert not Certificate.objects.exists()


def test_people_of_another_cohort_are_no_choice(desk: Client, lidia_done: Enrollment, cohort: Cohort) -> None:
    stranger = EnrollmentFactory.create(cohort=CohortFactory.create(program=cohort.program))
    page = press(desk, "certificate-issue", cohort.pk, status=400, enrollments=[stranger.pk], **SIGNED)
    assert "Select a valid choice" in page


# -- One certificate --------------------------------------------------------------------------------------------------


def test_paper_is_shown_in_indonesian_and_as_pdf(desk: Client, certificate: Certificate) -> None:
    page = read(desk, "certificate-detail", certificate.pk)
    for words in ("Lidia Wati", certificate.number, 'class="certificate" lang="id"', "4 Agustus – 22 September 2026"):
        assert words in page
    assert "<svg" in page
    first, second = (fetched(desk, "certificate-pdf", certificate.pk) for _ in range(2))
    assert first == second
    assert "Lidia Wati" in PdfReader(BytesIO(first)).pages[0].extract_text()


def test_all_valid_ones_come_as_one_pdf_and_as_a_zip(
    desk: Client, certificate: Certificate, course: Session, cohort: Cohort
) -> None:
    CertificateFactory.create(enrollment=lay_graduate(course, name="Anik"))
    CertificateFactory.create(enrollment=lay_graduate(course, name="Rukmini"), state="revoked")
    pages = PdfReader(BytesIO(fetched(desk, "certificates-pdf", cohort.pk))).pages
    assert ["Anik" in page.extract_text() for page in pages] == [True, False]
    with ZipFile(BytesIO(fetched(desk, "certificates-zip", cohort.pk))) as bundle:
        assert sorted(name.split("_", 1)[1] for name in bundle.namelist()) == ["Anik.pdf", "Lidia_Wati.pdf"]
    taken = Event.objects.about(cohort).filter(verb="certificates_taken")
    assert [event.facts for event in taken] == [{"rows": 2}] * 2


def test_certificate_is_revoked_with_a_reason(desk: Client, certificate: Certificate) -> None:
    read(desk, "certificate-revoke", certificate.pk)
    press(desk, "certificate-revoke", certificate.pk, status=400, reason=" ")
    press(desk, "certificate-revoke", certificate.pk, reason="Another Lidia came")
    page = read(desk, "certificate-detail", certificate.pk)
    for words in ("Revoked", "Another Lidia came", "DICABUT" if "DICABUT" in page else "REVOKED"):
        assert words in page
    assert "Issue a corrected one" not in page
    assert "cannot become" in press(desk, "certificate-revoke", certificate.pk, status=409, reason="Again")
    assert "Lidia" in PdfReader(BytesIO(fetched(desk, "certificate-pdf", certificate.pk))).pages[0].extract_text()


def test_corrected_certificate_takes_the_place_of_the_old_one(
    desk: Client, lidia_done: Enrollment, cohort: Cohort, sari: User, at: Any
) -> None:
    press(desk, "certificate-issue", cohort.pk, enrollments=[lidia_done.pk], **SIGNED)
    old = Certificate.objects.get()
    assert "Nothing has changed" in press(desk, "certificate-reissue", old.pk, status=409)
    change_person(lidia_done.person, name="Lidia Wati Suprapto", by=sari, at=at)
    press(desk, "certificate-reissue", old.pk)
    new = Certificate.objects.valid().get()
    assert new.number in read(desk, "certificate-detail", old.pk)
    assert old.number in read(desk, "certificate-detail", new.pk)
    assert "replaced" in read(desk, "cohort-certificates", cohort.pk)
    press(desk, "certificate-reissue", old.pk, status=409)


def test_forgotten_bearer_stands_nowhere(
    desk: Client, certificate: Certificate, cohort: Cohort, sari: User, at: Any
) -> None:
    anonymise_person(certificate.enrollment.person, by=sari, at=at)
    for name, key in (("certificate-detail", certificate.pk), ("cohort-certificates", cohort.pk)):
        page = read(desk, name, key)
        assert "Lidia" not in page
        assert "erased on request" in page
    assert "Lidia" not in PdfReader(BytesIO(fetched(desk, "certificate-pdf", certificate.pk))).pages[0].extract_text()


# -- Who may ----------------------------------------------------------------------------------------------------------

OF_COHORT = ["cohort-certificates", "certificates-pdf", "certificates-zip"]
OF_ONE = ["certificate-detail", "certificate-pdf"]
READS = [*OF_COHORT, *OF_ONE]
WRITES = ["certificate-issue", "certificate-revoke", "certificate-reissue"]


def key_of(name: str, certificate: Certificate) -> int:
    return certificate.enrollment.cohort_id if name in {*OF_COHORT, "certificate-issue"} else certificate.pk


@pytest.mark.parametrize("name", READS)
@pytest.mark.parametrize(
    ("role", "status"), [("made", 200), ("observer", 403), ("joko", 403), ("ina", 404), ("rina", 404)]
)
def test_who_reads(
    reader: Client, certificate: Certificate, request: pytest.FixtureRequest, name: str, role: str, status: int
) -> None:
    reader.force_login(request.getfixturevalue(role))
    assert reader.get(reverse(name, args=[key_of(name, certificate)])).status_code == status


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize(
    ("role", "status"), [("made", 403), ("observer", 403), ("joko", 403), ("ina", 403), ("rina", 404)]
)
def test_who_writes(
    reader: Client, certificate: Certificate, request: pytest.FixtureRequest, name: str, role: str, status: int
) -> None:
    reader.force_login(request.getfixturevalue(role))
    typed = {"reason": "x", "enrollments": [certificate.enrollment_id], **SIGNED}
    assert reader.post(reverse(name, args=[key_of(name, certificate)]), typed).status_code == status
    certificate.refresh_from_db()
    assert (certificate.state, Certificate.objects.count()) == ("issued", 1)


def test_mentor_reads_without_the_acts(reader: Client, certificate: Certificate, course: Session, made: User) -> None:
    lay_graduate(course, name="Siti Aminah")
    reader.force_login(made)
    page = read(reader, "cohort-certificates", certificate.enrollment.cohort_id)
    assert "Siti Aminah" in page
    assert "The coordinator issues them." in page
    assert "certificates/issue/" not in page
    assert "revoke" not in read(reader, "certificate-detail", certificate.pk)


@pytest.mark.parametrize("name", ["cohort-certificates", "certificate-detail", "certificate-revoke"])
def test_pages_speak_both_languages(desk: Client, certificate: Certificate, name: str) -> None:
    for language in ("en", "id"):
        desk.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        answer = desk.get(reverse(name, args=[key_of(name, certificate)]))
        assert answer["Content-Language"] == language
        assert answer.content.count(b"<h1") == 1


def test_acts_lead_back_to_where_they_stand(desk: Client, certificate: Certificate) -> None:
    for name, home in (("certificate-issue", "cohort-certificates"), ("certificate-reissue", "certificate-detail")):
        key = key_of(name, certificate)
        assert desk.get(reverse(name, args=[key]))["Location"] == reverse(home, args=[key])


def test_pages_ask_to_sign_in(reader: Client, certificate: Certificate) -> None:
    for name in [*READS, *WRITES]:
        assert "/accounts/login/" in reader.get(reverse(name, args=[key_of(name, certificate)]))["Location"]
