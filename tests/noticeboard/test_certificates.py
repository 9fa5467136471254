"""The page that checks a certificate by its number, and the bearer's own way to it."""

import gzip
import re
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from accounts.models import User
from config.environment import BASE_DIR
from papers.models import Certificate
from papers.numbering import Number
from programs.models import Cohort, Enrollment
from tests.factories import CertificateFactory, lay_course, lay_graduate
from tests.reminders.worlds import household
from villages.actions import anonymise_person
from villages.links import token_of
from villages.models import ContactPoint, Person

BUDGET = 14 * 1024


@pytest.fixture
def certificate(cohort: Cohort) -> Certificate:
    """Bu Lidia's."""
    graduate = lay_graduate(lay_course(cohort), name="Lidia Wati")
    return CertificateFactory.create(enrollment=graduate, number=str(Number(2026, 123)))


def read(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def test_valid_one_is_said_in_word_icon_and_colour(client: Client, certificate: Certificate) -> None:
    page = read(client, f"/v/{certificate.number}?lang=en")
    for words in (
        "VALID",
        "#check",
        'class="notice good',
        "Bu L••••• W•••••",
        "Desa Devisa 2026, Angkatan 1",
        "Parengan, Kec. Maduran, Kab. Lamongan",
        "4 August – 22 September 2026",
        "360 minutes (8 JP)",
        "Lamongan, 30 September 2026",
    ):
        assert words in page
    for hidden in ("Lidia", "Wati", "Nur Hidayat"):
        assert hidden not in page


def test_revoked_one_says_since_when_and_what_took_its_place(client: Client, certificate: Certificate) -> None:
    old = CertificateFactory.create(enrollment=certificate.enrollment, state="revoked", reason="Lidia, not Lidya")
    Certificate.objects.filter(pk=certificate.pk).update(replaces=old)
    page = read(client, f"/v/{old.number}?lang=en")
    for words in ("REVOKED", "#cancel", 'class="notice bad', "since 1 October 2026", f"/v/{certificate.number}"):
        assert words in page
    assert "Lid" not in page


def test_unknown_one_is_not_found(client: Client, certificate: Certificate) -> None:
    for typed in (str(Number(2026, 124)), "DD-2026-000123-A", "x", "%00", "9" * 3000, "%F0%9F%98%80"):
        page = read(client, f"/v/{typed}?lang=en", 404)
        assert "NOT FOUND" in page
        assert "#question" in page
        assert 'class="entry"' in page
    assert "&lt;script&gt;" in read(client, "/v/?number=%3Cscript%3E", 404)


@pytest.mark.parametrize("write", ["dd-2026-000123-{}", "dd 2026 123 {}", "DD2O26OOOl23{}", "2026.000123.{}", "{}"])
def test_number_is_read_as_it_is_typed(client: Client, certificate: Certificate, write: str) -> None:
    letter = certificate.number[-1]
    typed = write.format(letter if write != "{}" else certificate.number)
    assert certificate.number in read(client, f"/v/{typed}")
    assert certificate.number in read(client, f"/v/{typed}/")
    found = client.get("/v/", {"number": f" {typed} "})
    assert (found.status_code, found["Location"]) == (302, f"/v/{certificate.number}")
    assert client.get("/v/", {"number": typed, "lang": "en"})["Location"] == f"/v/{certificate.number}?lang=en"


def test_search_page_asks_for_a_number(client: Client, db: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        page = read(client, "/v/")
    assert not queries.captured_queries
    assert 'name="number"' in page
    assert 'role="alert"' not in page


def test_page_is_one_query_no_cookie_no_script_no_index(client: Client, certificate: Certificate) -> None:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(f"/v/{certificate.number}")
    assert len(queries) == 1
    assert not answer.cookies
    assert b"<script" not in answer.content
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Cache-Control"] == "no-cache"
    assert client.post(f"/v/{certificate.number}").status_code == 405


def test_page_fits_the_budget(client: Client, certificate: Certificate) -> None:
    Certificate.objects.update(name=" ".join(["Raden"] * 20))
    answer = client.get(f"/v/{certificate.number}", headers={"accept-encoding": "gzip"})
    page = gzip.decompress(answer.content).decode()
    linked = set(re.findall(r'(?:href|src)="/static/([^"#]+)', page))
    sizes = [len(gzip.compress(Path(BASE_DIR / "static" / name).read_bytes())) for name in linked]
    assert len(answer.content) + sum(sizes) <= BUDGET


def test_dots_do_not_tell_how_long_a_name_is(client: Client, certificate: Certificate) -> None:
    shown = []
    for name in ("Li Wa", "Listianingrum Wahyuningtyas"):
        Certificate.objects.update(name=name)
        shown.append(re.search(r"Bu L[^<]*", read(client, f"/v/{certificate.number}")))
    assert shown[0]
    assert shown[1]
    assert shown[0][0] == shown[1][0]


def test_forgotten_bearer_leaves_a_valid_number(
    client: Client, certificate: Certificate, sari: User, at: datetime
) -> None:
    anonymise_person(certificate.enrollment.person, by=sari, at=at)
    page = read(client, f"/v/{certificate.number}?lang=en")
    assert "VALID" in page
    assert "name erased on request" in page
    assert "L•••••" not in page


def test_both_languages_are_there(client: Client, certificate: Certificate) -> None:
    assert 'lang="id"' in read(client, f"/v/{certificate.number}")[:60]
    assert 'lang="en"' in read(client, f"/v/{certificate.number}?lang=en")[:60]


# -- The bearer's own -------------------------------------------------------------------------------------------------


@pytest.fixture
def family(cohort: Cohort) -> ContactPoint:
    """Two who share a number."""
    return household(cohort, "Lidia Wati", "Siti Aminah")


@pytest.fixture
def own(family: ContactPoint) -> Certificate:
    """The certificate of the first of them."""
    return CertificateFactory.create(enrollment=Enrollment.objects.get(person__name="Lidia Wati"))


def of(name: str) -> int:
    return Person.objects.get(name=name).pk


def test_member_finds_their_certificate_and_only_theirs(
    client: Client, family: ContactPoint, own: Certificate, clock: object
) -> None:
    home = f"/s/{token_of(family)}"
    link = f"{home}/certificate/{own.pk}.pdf?p={of('Lidia Wati')}"
    assert link in read(client, f"{home}?p={of('Lidia Wati')}")
    for query in ("", f"?p={of('Siti Aminah')}"):
        assert "certificate/" not in read(client, f"{home}{query}")
    answer = client.get(link)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Cache-Control"] == "no-store"
    assert own.number in answer["Content-Disposition"]
    assert "Lidia Wati" in PdfReader(BytesIO(answer.content)).pages[0].extract_text()


def test_no_link_opens_the_certificate_of_another(
    client: Client, family: ContactPoint, own: Certificate, cohort: Cohort, clock: object
) -> None:
    stranger = household(cohort, "Rukmini")
    theirs = CertificateFactory.create(enrollment=Enrollment.objects.get(person__name="Rukmini"))
    home, other = f"/s/{token_of(family)}", f"/s/{token_of(stranger)}"
    assert client.get(f"{other}/certificate/{theirs.pk}.pdf").status_code == 200  # one member needs no choice
    for address in (
        f"{home}/certificate/{own.pk}.pdf",
        f"{home}/certificate/{own.pk}.pdf?p={of('Siti Aminah')}",
        f"{home}/certificate/{theirs.pk}.pdf?p={of('Lidia Wati')}",
        f"{home}/certificate/{theirs.pk}.pdf?p={of('Rukmini')}",
        f"{other}/certificate/{own.pk}.pdf",
        f"/s/1-aaaaaaaaaaaaaaaa/certificate/{own.pk}.pdf",
        f"{home}/certificate/{10**30}.pdf?p={of('Lidia Wati')}",
    ):
        assert client.get(address).status_code == 404, address


def test_revoked_certificate_is_not_offered(
    client: Client, family: ContactPoint, own: Certificate, sari: User, at: datetime, clock: object
) -> None:
    Certificate.objects.update(state="revoked", revoked_at=at, revoked_by=sari, reason="Wrong course")
    home = f"/s/{token_of(family)}"
    assert "certificate/" not in read(client, f"{home}?p={of('Lidia Wati')}")
    assert client.get(f"{home}/certificate/{own.pk}.pdf?p={of('Lidia Wati')}").status_code == 404


def test_household_page_keeps_its_queries(
    client: Client, family: ContactPoint, own: Certificate, clock: object
) -> None:
    CertificateFactory.create(enrollment=Enrollment.objects.get(person__name="Siti Aminah"))
    home = f"/s/{token_of(family)}?p={of('Lidia Wati')}"
    with CaptureQueriesContext(connection) as queries:
        assert own.number in read(client, home)
    assert len(queries) <= 2
