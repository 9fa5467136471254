"""A household's page: by link, without an account; looking changes nothing, answering is a post."""

import gzip
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.models import Event
from config.environment import BASE_DIR
from programs.models import Attendance, Cohort, Session
from programs.states import Rsvp, SessionState
from tests import factories
from tests.reminders.worlds import cancel, household, meeting, plan, reschedule
from villages.links import token_of
from villages.models import ContactPoint
from villages.states import ContactState

WEEK = timedelta(days=7)
BUDGET = 14 * 1024


def read(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_page_shows_when_where_and_who(client: Client, home: str, session: Session) -> None:
    page = read(client, home)
    for words in (
        "Pewarnaan alam",
        "Kamis, 8 Oktober",
        "10.00–12.00 WIB",
        "Balai Desa Parengan",
        "Pak Wayan",
        "Bu Lidia",
    ):
        assert words in page


def test_member_is_chosen_by_first_name_and_answers(client: Client, home: str, session: Session) -> None:
    siti = Attendance.objects.get(session=session, enrollment__person__name="Siti Aminah")
    assert f"?p={siti.enrollment.person_id}" in read(client, home)
    answer = {"person": siti.enrollment.person_id, "rsvp": "yes"}
    response = client.post(f"{home}/answer/{session.pk}/", answer)
    assert response.status_code == 303
    assert 'role="status"' in read(client, response["Location"])
    siti.refresh_from_db()
    assert siti.rsvp == Rsvp.YES
    assert Attendance.objects.filter(rsvp=Rsvp.YES).count() == 1
    client.post(f"{home}/answer/{session.pk}/", {**answer, "rsvp": "no"})
    siti.refresh_from_db()
    assert siti.rsvp == Rsvp.NO


def test_one_member_needs_no_choice(client: Client, stranger: ContactPoint, session: Session) -> None:
    rukmini = f"/s/{token_of(stranger)}"
    assert '<form class="answers"' in read(client, rukmini)
    assert client.post(f"{rukmini}/answer/{session.pk}/", {"rsvp": "yes"}).status_code == 303
    assert Attendance.objects.get(rsvp=Rsvp.YES).enrollment.person.name == "Rukmini"


@pytest.mark.parametrize("agent", ["WhatsApp/2.23", "TelegramBot (like TwitterBot)", "facebookexternalhit/1.1"])
def test_previews_change_nothing(client: Client, home: str, session: Session, number: ContactPoint, agent: str) -> None:
    paths = [home, f"{home}/", f"{home}?p=1", f"{home}/answer/{session.pk}/", f"{home}/stop/", f"{home}/start/"]
    before = list(Attendance.objects.order_by("pk").values())
    for path in paths:
        client.get(path, headers={"user-agent": agent})
        client.head(path, headers={"user-agent": agent})
    number.refresh_from_db()
    assert (list(Attendance.objects.order_by("pk").values()), number.state) == (before, ContactState.UNVERIFIED)
    assert not Event.objects.exists()


def test_page_has_no_cookie_no_script_and_stays_secret(client: Client, home: str, session: Session) -> None:
    response = client.get(home)
    assert not response.cookies
    assert "<script" not in response.content.decode()
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]


def test_page_takes_two_queries_whoever_lives_there(
    client: Client, cohort: Cohort, at: datetime, clock: object
) -> None:
    for names in (("Lidia",), ("Siti", "Rini", "Yanti", "Tutik", "Sri")):
        number = household(cohort, *names)
        for week in range(1, 4):
            session = meeting(cohort, at + WEEK * (week + 3 * len(names)))
            assert session.seats.exists()
        person, token = cohort.people.get(name=names[0]).pk, token_of(number)
        for query in ("", f"?p={person}"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"/s/{token}{query}").status_code == 200
            assert len(queries) <= 2


def test_five_members_are_all_there(client: Client, cohort: Cohort, at: datetime, clock: object) -> None:
    number = household(cohort, "Lidia", "Siti", "Rini", "Yanti", "Tutik")
    meeting(cohort, at + WEEK)
    page = read(client, f"/s/{token_of(number)}")
    assert all(f"Bu {name}" in page for name in ("Lidia", "Siti", "Rini", "Yanti", "Tutik"))


def test_first_load_fits_the_budget(client: Client, cohort: Cohort, at: datetime, clock: object) -> None:
    number = household(cohort, "Lidia Wati", "Siti Aminah", "Rini", "Yanti", "Tutik")
    factories.lay_requirements(cohort)
    for week in range(1, 10):
        meeting(cohort, at + WEEK * week, topic=f"Pewarnaan alam {week}")
    person = cohort.people.get(name="Rini").pk
    response = client.get(f"/s/{token_of(number)}?p={person}", headers={"accept-encoding": "gzip"})
    page = gzip.decompress(response.content).decode()
    linked = set(re.findall(r'(?:href|src)="/static/([^"#]+)', page))
    total = len(response.content) + sum(
        len(gzip.compress(Path(BASE_DIR / "static" / name).read_bytes())) for name in linked
    )
    assert total <= BUDGET, (total, linked)


def test_change_shows_the_old_time_struck_out(client: Client, home: str, session: Session, at: datetime) -> None:
    reschedule(session, session.starts_at + timedelta(days=1), at=at)
    page = read(client, home)
    assert "<s>Kam, 8 Okt 2026, 10.00–12.00 WIB</s>" in page
    assert "Jumat, 9 Oktober" in page


def test_cancelled_session_says_so_and_cannot_be_answered(
    client: Client, stranger: ContactPoint, session: Session, at: datetime
) -> None:
    cancel(session, at=at)
    home = f"/s/{token_of(stranger)}"
    page = read(client, home)
    assert "Balai desa kebanjiran" in page
    assert '<form class="answers"' not in page
    assert client.post(f"{home}/answer/{session.pk}/", {"rsvp": "yes"}).status_code == 409
    assert not Attendance.objects.exclude(rsvp=Rsvp.NONE).exists()


def test_other_households_are_out_of_reach(
    client: Client, home: str, stranger: ContactPoint, session: Session, cohort: Cohort, at: datetime
) -> None:
    rukmini = Attendance.objects.filter(enrollment__person__name="Rukmini")
    assert "Rukmini" not in read(client, home)
    answer = {"person": rukmini.get().enrollment.person_id, "rsvp": "no"}
    assert client.post(f"{home}/answer/{session.pk}/", answer).status_code == 404
    elsewhere = meeting(factories.CohortFactory.create(), at + WEEK)
    lidia = Attendance.objects.get(enrollment__person__name="Lidia Wati", session=session).enrollment.person_id
    assert client.post(f"{home}/answer/{elsewhere.pk}/", {"person": lidia, "rsvp": "yes"}).status_code == 404
    assert rukmini.get().rsvp == Rsvp.NONE


@pytest.mark.parametrize("rsvp", ["", "maybe", "YES"])
def test_other_answers_are_refused(client: Client, home: str, session: Session, rsvp: str) -> None:
    lidia = Attendance.objects.get(enrollment__person__name="Lidia Wati").enrollment.person_id
    assert client.post(f"{home}/answer/{session.pk}/", {"person": lidia, "rsvp": rsvp}).status_code == 404


@pytest.mark.parametrize(
    "token", ["1-aaaaaaaaaaaaaaaa", "x", "0-aaaaaaaaaaaaaaaa", "99999999999999999999-aaaaaaaaaaaaaaaa"]
)
def test_wrong_link_is_said_to_be_old(client: Client, number: ContactPoint, token: str) -> None:
    for path in (f"/s/{token}", f"/s/{token}/"):
        response = client.get(path)
        assert response.status_code == 404
        assert "<h1>" in response.content.decode()
    for path in ("stop/", "start/", "answer/1/"):
        assert client.post(f"/s/{token}/{path}").status_code == 404


@pytest.mark.parametrize("ended", [{"revoked_at": factories.NOW}, {"version": 2}], ids=["revoked", "renewed"])
def test_ended_link_opens_nothing(client: Client, home: str, number: ContactPoint, ended: dict[str, object]) -> None:
    factories.PersonalLinkFactory.create(contact_point=number, **ended)
    assert client.get(home).status_code == 404
    assert client.post(f"{home}/stop/").status_code == 404


def test_messages_are_stopped_and_started(
    client: Client, home: str, number: ContactPoint, session: Session, at: datetime
) -> None:
    plan(session, at=at)
    assert client.post(f"{home}/stop/").status_code == 303
    number.refresh_from_db()
    assert number.state == ContactState.OPTED_OUT
    assert not number.messages.filter(state="planned").exists()
    assert f"{home}/start/" in read(client, home)
    client.post(f"{home}/start/")
    assert number.messages.filter(state="planned").count() == 4


def test_page_shows_how_far_a_member_is(client: Client, stranger: ContactPoint, cohort: Cohort, at: datetime) -> None:
    factories.RequirementFactory.create(cohort=cohort, required=240, minimum_attendance=50)
    held = meeting(cohort, at - WEEK, state=SessionState.HELD)
    sari = factories.UserFactory.create()
    held.seats.filter(enrollment__person__name="Rukmini").update(
        state="present", minutes=60, marked_at=at, marked_by=sari
    )
    page = read(client, f"/s/{token_of(stranger)}")
    assert '<progress value="50"' in page


def test_both_languages_are_there(client: Client, home: str, session: Session) -> None:
    english = client.get(f"{home}?lang=en")
    assert 'lang="en"' in english.content.decode()[:40]
    assert "Thursday, 8 October" in english.content.decode()
    assert "Kamis, 8 Oktober" in read(client, home)
    client.cookies["django_language"] = "en"
    assert "Kamis, 8 Oktober" in read(client, home)


def test_nobody_ahead_is_said_in_words(client: Client, home: str) -> None:
    assert client.get(home).status_code == 200
    assert "<h2>" in read(client, home)
