"""Issuing, revoking and correcting certificates."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from common.constraints import sentence_of
from common.errors import Refused
from common.models import Event
from papers.actions import Signature, issue_certificates, reissue_certificate, revoke_certificate
from papers.models import Certificate, CertificateCounter
from papers.numbering import read_number
from papers.states import CertificateState
from programs.models import Cohort, Enrollment, Session
from tests.factories import CertificateFactory, EnrollmentFactory, lay_graduate
from villages.actions import anonymise_person, change_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def issued(lidia_done: Enrollment, signature: Signature, sari: User, at: datetime) -> Certificate:
    """Give Bu Lidia her certificate."""
    cohort = lidia_done.cohort
    (made,) = issue_certificates(cohort, enrollments=[lidia_done], signature=signature, by=sari, at=at).made
    return made


def test_certificate_says_what_was_reached(issued: Certificate, sari: User, at: datetime) -> None:
    assert issued.number.startswith("DD-2026-000001-")
    assert (issued.name, issued.state, issued.issued_at, issued.issued_by) == ("Lidia Wati", "issued", at, sari)
    assert issued.facts == {
        "program": "Desa Devisa 2026",
        "organiser": "Disperindag",
        "cohort": "Angkatan 1",
        "village": "Parengan",
        "place": "Parengan, Kec. Maduran, Kab. Lamongan",
        "first_on": "2026-09-28",
        "last_on": "2026-09-28",
        "minutes": 120,
        "modules": [{"module": "design", "attended": 120, "required": 120, "minimum": 80}],
    }
    event = Event.objects.about(issued).get()
    assert (event.verb, event.goal, event.by, event.facts) == (
        "issued", "issued", sari, {"cohort": issued.enrollment.cohort_id}
    )  # fmt: skip


def test_numbers_follow_one_another_by_name(
    course: Session, cohort: Cohort, signature: Signature, sari: User, at: datetime
) -> None:
    people = [lay_graduate(course, name=name) for name in ("Yanti", "Anik", "Siti")]
    made = issue_certificates(cohort, enrollments=people, signature=signature, by=sari, at=at).made
    assert [(row.name, row.number[8:14]) for row in made] == [
        ("Anik", "000001"), ("Siti", "000002"), ("Yanti", "000003"),
    ]  # fmt: skip
    assert all(read_number(row.number) for row in made)


def test_new_year_at_the_place_begins_at_one(course: Session, cohort: Cohort, signature: Signature, sari: User) -> None:
    first, second = lay_graduate(course), lay_graduate(course)
    for person, at in (
        (first, datetime(2026, 12, 31, 16, 59, tzinfo=UTC)),
        (second, datetime(2026, 12, 31, 17, tzinfo=UTC)),
    ):
        issue_certificates(cohort, enrollments=[person], signature=signature, by=sari, at=at)
    assert sorted(row.number[:14] for row in Certificate.objects.all()) == ["DD-2026-000001", "DD-2027-000001"]


def test_issuing_again_gives_nobody_a_second_one(
    issued: Certificate, course: Session, signature: Signature, sari: User, at: datetime
) -> None:
    other = lay_graduate(course, name="Siti")
    again = issue_certificates(
        issued.enrollment.cohort, enrollments=[issued.enrollment, other, other], signature=signature, by=sari, at=at
    )
    assert [row.name for row in again.made] == ["Siti"]
    assert again.had == [issued]
    assert CertificateCounter.objects.get(year=2026).last == Certificate.objects.count() == 2


def test_all_or_none_when_one_is_short(
    lidia_done: Enrollment, rini_short: Enrollment, signature: Signature, sari: User, at: datetime
) -> None:
    with pytest.raises(Refused, match=r"Rini cannot get a certificate yet\. Design: 50 of 96 minutes\."):
        issue_certificates(lidia_done.cohort, enrollments=[lidia_done, rini_short], signature=signature, by=sari, at=at)
    assert not Certificate.objects.exists()
    assert not CertificateCounter.objects.exists()


def test_strangers_and_nobody_are_refused(
    lidia_done: Enrollment, cohort: Cohort, signature: Signature, sari: User, at: datetime
) -> None:
    elsewhere = EnrollmentFactory.create()
    for chosen in ([], [elsewhere], [lidia_done, elsewhere]):
        with pytest.raises(ValidationError):
            issue_certificates(cohort, enrollments=chosen, signature=signature, by=sari, at=at)
    assert not Certificate.objects.exists()


@pytest.mark.parametrize("wrong", [{"signer": ""}, {"given_in": "x" * 81}, {"position": "bell \x07"}])
def test_signature_is_whole(
    lidia_done: Enrollment, signature: Signature, sari: User, at: datetime, wrong: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError) as refusal:
        issue_certificates(
            lidia_done.cohort, enrollments=[lidia_done], signature=replace(signature, **wrong), by=sari, at=at
        )
    assert set(refusal.value.message_dict) == set(wrong)
    assert not CertificateCounter.objects.exists()


def test_issuing_asks_the_same_number_of_reads_for_1_and_7(
    course: Session, cohort: Cohort, signature: Signature, sari: User, at: datetime
) -> None:
    counts = []
    for size in (1, 7):
        people = [lay_graduate(course) for _ in range(size)]
        with CaptureQueriesContext(connection) as queries:
            issue_certificates(cohort, enrollments=people, signature=signature, by=sari, at=at)
        counts.append(len([query for query in queries if query["sql"].startswith(("SELECT", "WITH"))]))
    assert counts[1] <= counts[0]  # a year's counter is made once


def test_revoked_certificate_keeps_its_number_and_says_why(issued: Certificate, sari: User, at: datetime) -> None:
    for empty in ("", "  "):
        with pytest.raises(ValidationError):
            revoke_certificate(issued, reason=empty, by=sari, at=at)
    revoke_certificate(issued, reason=" Another Lidia came ", by=sari, at=at)
    issued.refresh_from_db()
    assert (issued.state, issued.reason, issued.revoked_at, issued.revoked_by) == (
        "revoked", "Another Lidia came", at, sari
    )  # fmt: skip
    event = Event.objects.about(issued).order_by("-pk")[0]
    assert (event.verb, event.origin, event.goal, event.facts) == ("revoked", "issued", "revoked", {})
    with pytest.raises(Refused):
        revoke_certificate(issued, reason="Again", by=sari, at=at)


def test_after_revoking_a_new_one_can_be_issued(
    issued: Certificate, signature: Signature, sari: User, at: datetime
) -> None:
    revoke_certificate(issued, reason="Wrong course", by=sari, at=at)
    again = issue_certificates(
        issued.enrollment.cohort, enrollments=[issued.enrollment], signature=signature, by=sari, at=at
    )
    assert again.made[0].number.startswith("DD-2026-000002-")


def test_corrected_name_gets_a_new_number(issued: Certificate, sari: User, at: datetime) -> None:
    with pytest.raises(Refused, match="Nothing has changed"):
        reissue_certificate(issued, by=sari, at=at)
    change_person(issued.enrollment.person, name="Lidia Wati Suprapto", by=sari, at=at)
    later = at + timedelta(days=2)
    made = reissue_certificate(issued, by=sari, at=later)
    issued.refresh_from_db()
    assert (issued.state, issued.reason) == ("revoked", "Replaced by a corrected certificate.")
    assert (made.replaces, made.name, made.state) == (issued, "Lidia Wati Suprapto", "issued")
    assert (made.given_on.isoformat(), made.given_in, made.signer) == ("2026-10-03", "Lamongan", "Nur Hidayat")
    with pytest.raises(Refused):
        reissue_certificate(issued, by=sari, at=later)


def test_who_no_longer_meets_the_rule_gets_no_corrected_one(
    issued: Certificate, course: Session, sari: User, at: datetime
) -> None:
    course.seats.update(minutes=10)
    with pytest.raises(Refused, match="Design: 10 of 96"):
        reissue_certificate(issued, by=sari, at=at)
    issued.refresh_from_db()
    assert issued.state == CertificateState.ISSUED


def test_forgotten_bearer_leaves_a_number_without_a_name(issued: Certificate, sari: User, at: datetime) -> None:
    other = CertificateFactory.create(enrollment=issued.enrollment, state="revoked", reason="Lidia, not Lidya")
    untouched = CertificateFactory.create()
    anonymise_person(issued.enrollment.person, by=sari, at=at)
    for row in (issued, other, untouched):
        row.refresh_from_db()
    assert (issued.name, issued.state, issued.printed_name) == ("", "issued", "")
    assert (other.name, other.reason, other.state) == ("", "", "revoked")
    assert untouched.name
    kept = Certificate.objects.filter(
        Q(name__icontains="Lidia") | Q(facts__icontains="Lidia") | Q(reason__icontains="Lid")
    )
    assert not kept.exists()
    assert not Event.objects.filter(facts__icontains="Lid").exists()
    with pytest.raises(Refused, match="forgotten"):
        reissue_certificate(issued, by=sari, at=at)


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"number": "DD-26-1-K"}, "is written as"),
        ({"state": "revoked", "revoked_at": None, "revoked_by": None, "reason": "x"}, "who revoked it"),
        ({"state": "revoked", "reason": ""}, "Say why"),
        ({"reason": "no reason to"}, "Say why"),
        ({"revoked_at": datetime(2026, 1, 1, tzinfo=UTC)}, "who revoked it"),
    ],
)
def test_database_refuses_what_no_action_writes(columns: dict[str, object], sentence: str) -> None:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        CertificateFactory.create(**columns)
    assert sentence in sentence_of(refusal.value)


def test_database_knows_one_valid_certificate_each() -> None:
    first = CertificateFactory.create()
    CertificateFactory.create(enrollment=first.enrollment, state="revoked")
    for columns, sentence in (
        ({"enrollment": first.enrollment}, "already has a certificate"),
        ({"number": first.number}, "already on another"),
    ):
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            CertificateFactory.create(**columns)
        assert sentence in sentence_of(refusal.value)
