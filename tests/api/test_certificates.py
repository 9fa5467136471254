"""Certificates through the API: who may get one, issuing, revoking, correcting, the paper."""

from collections.abc import Iterator

import pytest
import time_machine

from accounts.models import User
from papers.models import Certificate, Letterhead
from programs.models import Cohort, Enrollment, Session
from tests.api.conftest import Caller
from tests.factories import NOW, CertificateFactory, CohortFactory, EnrollmentFactory, lay_course, lay_graduate

CERTIFICATES = "/api/v1/certificates/"
SIGNED = {"signer": "Nur Hidayat", "position": "Kepala Dinas"}


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def course(cohort: Cohort) -> Session:
    return lay_course(cohort)


@pytest.fixture
def lidia_done(course: Session) -> Enrollment:
    return lay_graduate(course, name="Lidia Wati")


@pytest.fixture
def home(cohort: Cohort) -> str:
    return f"/api/v1/cohorts/{cohort.pk}/certificates/"


def test_eligible_says_rule_and_reasons(
    ask: Caller, made: User, observer: User, home: str, course: Session, lidia_done: Enrollment
) -> None:
    short = lay_graduate(course, minutes=50, name="Rini")
    shown = ask(made).get(f"{home}eligible/")
    assert shown.status_code == 200, shown.data
    assert shown.data["asked"] == [{"module": "design", "required": 120, "minimum": 80, "needed": 96}]
    assert shown.data["rule"] == ["Design: at least 96 of 120 minutes (80%)"]
    first, second = shown.data["candidates"]
    assert (first["enrollment"], first["eligible"], first["lacks"], first["certificate"]) == (
        lidia_done.pk, True, [], None
    )  # fmt: skip
    assert first["person"] == {"id": lidia_done.person_id, "name": "Lidia Wati"}
    assert (second["enrollment"], second["lacks"]) == (short.pk, ["Design: 50 of 96 minutes"])
    assert second["modules"] == [
        {"module": "design", "required": 120, "minimum": 80, "needed": 96, "attended": 50, "reached": False}
    ]
    assert ask(observer).get(f"{home}eligible/").status_code == 403


def test_certificates_are_issued_once_and_read(
    ask: Caller, sari: User, made: User, home: str, lidia_done: Enrollment, cohort: Cohort
) -> None:
    client, body = ask(sari), {"enrollments": [lidia_done.pk]}
    unsigned = client.post(home, body)
    assert unsigned.status_code == 400
    assert set(unsigned.data["errors"]) == {"signer", "position"}
    issued = client.post(home, {**body, **SIGNED, "given_on": "2026-10-09"})
    assert issued.status_code == 201, issued.data
    (row,) = issued.data["made"]
    assert row["number"].startswith("DD-2026-000001-")
    assert (row["name"], row["course"], row["minutes"], row["training_hours"]) == (
        "Lidia Wati", "Desa Devisa 2026", 120, 2
    )  # fmt: skip
    assert (row["given_in"], row["given_on"], row["first_on"]) == ("Lamongan", "2026-10-09", "2026-09-28")
    assert (row["cohort"], row["program"], row["village"]) == (cohort.pk, cohort.program_id, cohort.village_id)
    again = client.post(home, body)
    assert (again.status_code, again.data["made"], again.data["had"][0]["id"]) == (200, [], row["id"])
    assert ask(made).get(f"{CERTIFICATES}{row['id']}/").data == row
    assert ask(made).post(home, body).status_code == 403


def test_letterhead_signs_when_nothing_is_said(
    ask: Caller, sari: User, home: str, lidia_done: Enrollment, cohort: Cohort
) -> None:
    Letterhead.objects.create(program=cohort.program, organiser="Disperindag", city="Surabaya", **SIGNED)
    (row,) = ask(sari).post(home, {"enrollments": [lidia_done.pk]}).data["made"]
    assert (row["given_in"], row["given_on"], row["signer"]) == ("Surabaya", "2026-10-01", "Nur Hidayat")


def test_one_who_is_short_stops_all(
    ask: Caller, sari: User, home: str, course: Session, lidia_done: Enrollment
) -> None:
    short = lay_graduate(course, minutes=50, name="Rini")
    answer = ask(sari).post(home, {"enrollments": [lidia_done.pk, short.pk], **SIGNED})
    assert answer.status_code == 409
    assert "Rini cannot get a certificate yet. Design: 50 of 96 minutes." in answer.data["detail"]
    assert not Certificate.objects.exists()


def test_people_of_others_are_not_there(
    ask: Caller, sari: User, rina: User, ina: User, home: str, lidia_done: Enrollment, cohort: Cohort
) -> None:
    stranger = EnrollmentFactory.create()
    neighbour = EnrollmentFactory.create(cohort=CohortFactory.create(program=cohort.program))
    for chosen in ([stranger.pk], [neighbour.pk], [], "all", [lidia_done.pk, 10**12]):
        answer = ask(sari).post(home, {"enrollments": chosen, **SIGNED})
        assert answer.status_code == 400, chosen
        assert "enrollments" in answer.data["errors"]
    for user in (rina, ina):
        assert ask(user).get(f"{home}eligible/").status_code == 404
    assert ask(rina).post(home, {"enrollments": [lidia_done.pk], **SIGNED}).status_code == 404
    assert not Certificate.objects.exists()


def test_certificate_is_revoked_with_a_reason(ask: Caller, sari: User, made: User, cohort: Cohort) -> None:
    row = CertificateFactory.create(enrollment__cohort=cohort)
    address = f"{CERTIFICATES}{row.pk}/revoke/"
    assert ask(made).post(address, {"reason": "x"}).status_code == 403
    client = ask(sari)
    for reason in ({}, {"reason": ""}, {"reason": "x" * 301}):
        assert client.post(address, reason).status_code == 400
    revoked = client.post(address, {"reason": "Wrong course"})
    assert (revoked.data["state"], revoked.data["reason"]) == ("revoked", "Wrong course")
    assert revoked.data["revoked_by"] == {"id": sari.pk, "name": "Sari"}
    assert client.post(address, {"reason": "Again"}).status_code == 409


def test_corrected_name_is_issued_anew(ask: Caller, sari: User, home: str, lidia_done: Enrollment) -> None:
    client = ask(sari)
    (row,) = client.post(home, {"enrollments": [lidia_done.pk], **SIGNED}).data["made"]
    address = f"{CERTIFICATES}{row['id']}/reissue/"
    assert client.post(address).status_code == 409
    client.patch(f"/api/v1/people/{lidia_done.person_id}/", {"name": "Lidia Wati Suprapto"})
    made = client.post(address)
    assert (made.status_code, made.data["name"], made.data["replaces"]) == (201, "Lidia Wati Suprapto", row["id"])
    assert client.get(f"{CERTIFICATES}{row['id']}/").data["state"] == "revoked"


@pytest.mark.parametrize("accept", ["*/*", "application/pdf"])
def test_paper_is_handed_out(ask: Caller, made: User, rina: User, cohort: Cohort, accept: str) -> None:
    row = CertificateFactory.create(enrollment__cohort=cohort)
    client = ask(made)
    first, second = (client.get(f"{CERTIFICATES}{row.pk}/pdf/", headers={"Accept": accept}) for _ in range(2))
    assert (first.status_code, first["Content-Type"], first["Cache-Control"]) == (200, "application/pdf", "no-store")
    assert first.content.startswith(b"%PDF-")
    assert first.content == second.content
    hidden = ask(rina).get(f"{CERTIFICATES}{row.pk}/pdf/", headers={"Accept": accept})
    assert (hidden.status_code, hidden["Content-Type"]) == (404, "application/problem+json")


def test_list_is_narrowed(ask: Caller, sari: User, cohort: Cohort) -> None:
    other = CohortFactory.create(program=cohort.program)
    here = CertificateFactory.create(enrollment__cohort=cohort)
    there = CertificateFactory.create(enrollment__cohort=other, state="revoked")
    hidden = CertificateFactory.create()
    client = ask(sari)

    def found(query: str) -> set[int]:
        answer = client.get(f"{CERTIFICATES}?{query}")
        assert answer.status_code == 200, answer.data
        return {row["id"] for row in answer.data["results"]}

    assert found("") == {here.pk, there.pk}
    assert found(f"cohort={cohort.pk}") == found("state=issued") == found(f"village={cohort.village_id}") == {here.pk}
    assert found(f"program={cohort.program_id}") == {here.pk, there.pk}
    assert found(f"search={there.number}") == found(f"person={there.enrollment.person_id}") == {there.pk}
    assert found(f"search={hidden.number}") == set()
