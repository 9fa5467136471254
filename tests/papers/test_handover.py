"""The paper of a handover: what passes on, and both signatures with their times."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader

from accounts.models import User
from common.models import Event
from mentoring.actions import sign_handover
from mentoring.models import Handover
from programs.models import Cohort
from tests import factories
from tests.factories import NOW
from tests.mentoring.handovers.steps import contact
from tests.mentoring.test_views import page

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def handover(cohort: Cohort, made: User, sari: User) -> Handover:
    """Made gives Parengan to Agus: one visit, one open item, one plan, one contact."""
    agus = factories.AssignmentFactory.create(village=cohort.village, mentor__name="Agus").mentor
    contact(cohort.village)
    factories.ActionItemFactory.create(visit=factories.VisitFactory.create(cohort=cohort, mentor=made))
    factories.VisitPlanFactory.create(mentor=made, village=cohort.village)
    letter = made.assignments.get()
    return factories.HandoverFactory.create(village=cohort.village, letter=letter, taker=agus, prepared_by=sari)


def text_of(client: Client, handover: Handover, user: User) -> str:
    client.force_login(user)
    answer = client.get(f"/handovers/{handover.pk}/paper.pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Cache-Control"] == "no-store"
    assert f"serah-terima-parengan-{handover.pk}.pdf" in answer["Content-Disposition"]
    pages = PdfReader(BytesIO(answer.content)).pages
    return " ".join(" ".join(each.extract_text() for each in pages).split())


def test_paper_has_everything_that_passes_on(client: Client, handover: Handover, sari: User) -> None:
    text = text_of(client, handover, sari)
    for words in (
        "SERAH TERIMA PENDAMPINGAN",
        "Made, sampai dengan 10 Oktober 2026",
        "Agus, mulai 11 Oktober 2026",
        "Ask Bu Lidia first.",
        "Dye a new sample",
        "8 Okt 2026",
        "Check two kodi",
        "Kusnan",
        "Ngatini, Parto",
        "Looked at the new motifs.",
        "Naskah versi 1",
    ):
        assert words in text, words
    assert "Ditandatangani" not in text


def test_signed_paper_has_both_hands_with_their_times(
    client: Client, handover: Handover, made: User, sari: User
) -> None:
    User.objects.filter(pk=made.pk).update(is_active=False)
    handover.refresh_from_db()
    sign_handover(handover, by=sari, at=NOW, version=1, reason="Pindah ke Kupang")
    sign_handover(handover, by=handover.taker, at=NOW + timedelta(hours=5), version=1)
    text = text_of(client, handover, sari)
    for words in (
        "Ditandatangani di aplikasi Kamis, 1 Oktober 2026, 10.00 WIB oleh Sari: Pindah ke Kupang",
        "Ditandatangani di aplikasi Kamis, 1 Oktober 2026, 15.00 WIB",
        "Kedua pendamping telah membaca",
    ):
        assert words in text, words


def test_page_prints_the_same(reader: Client, handover: Handover, made: User) -> None:
    shown = page(reader, made, f"/handovers/{handover.pk}/paper/")
    for words in ("Handover on paper", "Serah terima pendampingan", "Ask Bu Lidia first.", "Yang menyerahkan"):
        assert words in shown


def test_printing_numbers_is_written_down(client: Client, handover: Handover, sari: User, made: User) -> None:
    text_of(client, handover, sari)
    assert Event.objects.about(handover).get(verb="numbers_printed").by == sari
    made.assignments.update(ends_on=date(2026, 1, 2))
    text = text_of(client, handover, made)
    assert "Kusnan" not in text
    assert Event.objects.about(handover).filter(verb="numbers_printed").count() == 1


def test_long_history_is_cut_and_said(client: Client, handover: Handover, cohort: Cohort, sari: User) -> None:
    for _ in range(61):
        factories.VisitFactory.create(cohort=cohort, summary="Panjang sekali " * 60)
    text = text_of(client, handover, sari)
    assert "Kunjungan sebelumnya tersimpan di aplikasi." in text
    assert "…" in text


def test_village_in_no_program_has_a_paper_too(client: Client, ina: User, admin: User) -> None:
    letter = ina.assignments.get()
    handover = factories.HandoverFactory.create(village=letter.village, letter=letter)
    client.force_login(admin)
    assert client.get(f"/handovers/{handover.pk}/paper.pdf").status_code == 200


def test_who_may_print(reader: Client, handover: Handover, ina: User, joko: User, observer: User) -> None:
    page(reader, ina, f"/handovers/{handover.pk}/paper/", 404)
    for user in (joko, observer):
        page(reader, user, f"/handovers/{handover.pk}/paper.pdf", 403)
