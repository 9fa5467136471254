"""Asking many for their agreement at once: the list to tick, the list to sign, and the gaps cohort by cohort."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from common.models import Event
from programs.models import Cohort
from programs.reach import silent_cohorts
from reminders.models import Message
from tests import factories
from tests.reminders.worlds import enroll, meeting, plan
from villages.actions import record_consents
from villages.consents import VERSION
from villages.models import Consent, Person, PersonContact, Village
from villages.states import ConsentHow, Purpose

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def silent(village: Village, *names: str) -> list[Person]:
    """Write down people with a number whom nobody has asked."""
    people = [factories.PersonFactory.create(village=village, name=name) for name in names]
    for person in people:
        factories.PersonContactFactory.create(person=person)
    return people


@pytest.fixture
def three(cohort: Cohort) -> list[Person]:
    """Three participants who were never asked."""
    people = silent(cohort.village, "Ani", "Budi", "Citra")
    enroll(cohort, *people)
    return people


@pytest.fixture
def desk(reader: Client, sari: User) -> Client:
    """Sari at her desk."""
    reader.force_login(sari)
    return reader


def page_of(village: Village) -> str:
    return f"/villages/{village.pk}/consents/"


# -- the action --------------------------------------------------------------------------------------------------------


def test_many_agree_at_once_and_are_planned_for(cohort: Cohort, three: list[Person], sari: User, at: datetime) -> None:
    session = meeting(cohort, at + timedelta(days=5))
    plan(session, at=at)
    assert not Message.objects.exists()
    given: dict[str, Any] = {
        "how": ConsentHow.PAPER,
        "text_version": VERSION,
        "given_at": at - timedelta(days=2),
        "by": sari,
        "at": at,
    }
    keys = [person.pk for person in three]
    with CaptureQueriesContext(connection) as queries:
        assert record_consents(cohort.village, people=keys[:2], **given) == 2
    assert set(Consent.objects.values_list("person", "purpose", "how", "given_at", "recorded_by", "text_version")) == {
        (key, Purpose.MESSAGES, ConsentHow.PAPER, at - timedelta(days=2), sari.pk, VERSION) for key in keys[:2]
    }
    assert Message.objects.filter(session=session, kind="invitation").count() == 2
    assert Event.objects.filter(subject_type="villages.person", verb="consent_given").count() == 2
    with CaptureQueriesContext(connection) as more:
        assert record_consents(cohort.village, people=keys, **given) == 1  # two keep what they had said
    assert len(more) <= len(queries)


def test_people_of_another_village_and_erased_ones_are_passed_by(
    parengan: Village, elsewhere: Village, sari: User, at: datetime
) -> None:
    other, gone = silent(elsewhere, "Ani")[0], silent(parengan, "Budi")[0]
    Person.objects.filter(pk=gone.pk).update(erased_at=at)
    given: dict[str, Any] = {"how": ConsentHow.PAPER, "text_version": VERSION, "given_at": at, "by": sari, "at": at}
    assert record_consents(parengan, people=[other.pk, gone.pk], **given) == 0
    assert not Event.objects.filter(verb="consents_given").exists()


def test_nobody_signs_tomorrow(parengan: Village, sari: User, at: datetime) -> None:
    later = at + timedelta(days=1)
    with pytest.raises(ValidationError):
        record_consents(parengan, people=[], how="paper", text_version=VERSION, given_at=later, by=sari, at=at)


# -- the list to tick --------------------------------------------------------------------------------------------------


def test_the_list_shows_who_has_not_agreed_and_records_who_did(
    desk: Client, cohort: Cohort, three: list[Person], lidia: Person
) -> None:
    page = desk.get(page_of(cohort.village)).content.decode()
    assert all(person.name in page for person in three)
    assert lidia.name not in page
    given = {"people": [person.pk for person in three[:2]], "how": "paper", "given_on": "29/9/2026"}
    answer = desk.post(page_of(cohort.village), given, follow=True)
    assert "The agreement of 2 people was recorded." in answer.content.decode()
    noon = datetime(2026, 9, 29, 5, 0, tzinfo=UTC)
    assert list(Consent.objects.exclude(person=lidia).values_list("given_at", "how")) == [(noon, "paper")] * 2
    assert "Citra" in answer.content.decode()
    assert "Budi" not in answer.content.decode()


def test_today_is_now(desk: Client, cohort: Cohort, three: list[Person], at: datetime) -> None:
    desk.post(page_of(cohort.village), {"people": [three[0].pk], "how": "spoken", "given_on": "1/10/2026"})
    assert Consent.objects.get().given_at == at


@pytest.mark.parametrize(
    "given",
    [
        {"people": []},
        {"how": "message"},
        {"given_on": "2/10/2026"},
        {"given_on": "31/31/2026"},
        {"people": ["x"]},
        {"people": ["99999999999999999999"]},
    ],
)
def test_what_is_wrong_is_said(desk: Client, cohort: Cohort, three: list[Person], given: dict[str, Any]) -> None:
    whole = {"people": [three[0].pk], "how": "paper", "given_on": "1/10/2026", **given}
    answer = desk.post(page_of(cohort.village), whole)
    assert answer.status_code == 400
    assert "Please check this first" in answer.content.decode()
    assert not Consent.objects.exists()


def test_who_agreed_meanwhile_is_said(desk: Client, cohort: Cohort, three: list[Person]) -> None:
    given = {"people": [three[0].pk], "how": "paper", "given_on": "1/10/2026"}
    assert desk.post(page_of(cohort.village), given).status_code == 302
    assert desk.post(page_of(cohort.village), given).status_code == 400
    assert Consent.objects.count() == 1


def test_the_list_is_of_one_cohort_where_the_address_names_it(
    desk: Client, cohort: Cohort, three: list[Person]
) -> None:
    silent(cohort.village, "Dewi")
    assert "Dewi" in desk.get(page_of(cohort.village)).content.decode()
    assert "Dewi" not in desk.get(f"{page_of(cohort.village)}?cohort={cohort.pk}").content.decode()
    assert "Ani" in desk.get(f"/villages/{cohort.village_id}/consents/paper/?cohort={cohort.pk}").content.decode()


@pytest.mark.parametrize("who", ["ina", "rina", "joko", "observer"])
def test_lists_are_closed_to_others(client: Client, cohort: Cohort, request: Any, who: str) -> None:
    client.force_login(request.getfixturevalue(who))
    expected = 403 if who in ("joko", "observer") else 404
    for tail in ("", "paper/", "paper.pdf"):
        assert client.get(f"{page_of(cohort.village)}{tail}").status_code == expected


def test_a_mentor_collects_signatures(client: Client, cohort: Cohort, three: list[Person], made: User) -> None:
    client.force_login(made)
    given = {"people": [three[0].pk], "how": "paper", "given_on": "1/10/2026"}
    assert client.post(page_of(cohort.village), given).status_code == 302


def test_everybody_has_agreed(desk: Client, cohort: Cohort, lidia: Person) -> None:
    assert "Everybody has agreed" in desk.get(page_of(cohort.village)).content.decode()
    assert "Everybody has agreed" in desk.get("/consents/").content.decode()


# -- the list to sign --------------------------------------------------------------------------------------------------


def test_the_list_to_sign_has_the_words_the_names_and_blank_rows(
    desk: Client, cohort: Cohort, three: list[Person]
) -> None:
    page = desk.get(f"{page_of(cohort.village)}paper/").content.decode()
    assert "Program boleh menyimpan nama dan nomor saya" in page
    assert f"versi {VERSION}" in page
    assert all(person.name in page for person in three)
    pdf = desk.get(f"{page_of(cohort.village)}paper.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert pdf["Cache-Control"] == "no-store"


# -- the gaps ----------------------------------------------------------------------------------------------------------


def test_gaps_are_counted_cohort_by_cohort(
    desk: Client, sari: User, cohort: Cohort, three: list[Person], lidia: Person
) -> None:
    enroll(cohort, lidia)
    factories.CohortFactory.create(program=cohort.program)
    [row] = silent_cohorts(Cohort.objects.all())
    assert (row.pk, row.silent, row.seated) == (cohort.pk, 3, 4)  # type: ignore[attr-defined]
    page = desk.get("/consents/").content.decode()
    assert f"{page_of(cohort.village)}?cohort={cohort.pk}" in page
    assert "3 participants have not agreed" in desk.get("/").content.decode()
    assert desk.get("/consents/?program=x").status_code == 400
    other = factories.ProgramFactory.create(coordinators=[sari])
    assert "Everybody here has agreed" in desk.get(f"/consents/?program={other.pk}").content.decode()


def test_gaps_ask_the_same_for_one_and_for_seven(desk: Client, cohort: Cohort, three: list[Person]) -> None:
    counts = []
    for more in (0, 6):
        for _ in range(more):
            other = factories.CohortFactory.create(program=cohort.program)
            enroll(other, *silent(other.village, "Eka"))
        desk.get("/consents/")
        with CaptureQueriesContext(connection) as queries:
            assert desk.get("/consents/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


# -- a number that is not theirs ---------------------------------------------------------------------------------------


def test_a_doubted_number_is_shown_and_trusted_again(desk: Client, lidia: Person, cohort: Cohort, at: datetime) -> None:
    contact = PersonContact.objects.get(person=lidia)
    PersonContact.objects.filter(pk=contact.pk).update(wrong_at=at)
    enroll(cohort, lidia)
    page = desk.get(f"/people/{lidia.pk}/").content.decode()
    assert "Said not to be theirs" in page
    assert "It is theirs after all" in page
    assert desk.post(f"/people/{lidia.pk}/numbers/{contact.contact_point_id}/trust/").status_code == 302
    contact.refresh_from_db()
    assert contact.wrong_at is None
    assert "Number is right after all" in desk.get(f"/people/{lidia.pk}/").content.decode()


@pytest.mark.parametrize("language", ["en", "id"])
def test_both_languages(client: Client, sari: User, cohort: Cohort, three: list[Person], language: str) -> None:
    client.cookies["django_language"] = language
    client.force_login(sari)
    word = {"en": "Record the agreements", "id": "Catat persetujuan"}[language]
    assert word in client.get(page_of(cohort.village)).content.decode()


# -- the poster --------------------------------------------------------------------------------------------------------


def test_the_poster_has_a_second_code_where_a_number_is_set(desk: Client, cohort: Cohort, settings: Any) -> None:
    address = f"/villages/{cohort.village_id}/poster/"
    assert "DAFTAR PARENGAN" not in desk.get(address).content.decode()
    settings.WHATSAPP_NUMBER = "+6281234567890"
    page = desk.get(address).content.decode()
    assert "DAFTAR PARENGAN" in page
    assert "0812 3456 7890" in page
    assert page.count("<svg") - page.count('<svg class="icon"') >= 2
    assert "Program boleh menyimpan" in page
