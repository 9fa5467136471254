"""E-mail: plain words first, the session attached, and an exact word on what was taken."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from pytest_django import Settings

from programs.models import Cohort, Session
from programs.states import SessionState
from reminders.channels import email
from reminders.channels.email import EmailGateway, message_of
from reminders.channels.gateway import Guarantee
from reminders.channels.http import LATER, PROMPT, STOOD_STILL, UNANSWERED
from reminders.topics import LINK
from reminders.wording.invite import invite_of
from tests import factories
from tests.provider.process import Provider
from tests.reminders.channels.letters import fresh, hand, letter, said
from tests.reminders.worlds import meeting

TO = "ibu@example.org"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    ledger = tmp_path_factory.mktemp("smtp") / "ledger"
    with Provider("smtp", ledger, play={"password": "kata sandi"}) as provider:
        yield provider


@pytest.fixture
def server(house: Provider, settings: Settings) -> Provider:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", house.port, 0.5
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "desa", "kata sandi"
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    return fresh(house)


def test_letters_leave_over_one_connection_under_their_keys(server: Provider) -> None:
    one = letter(f"Halo Bu Lidia\n{LINK}", TO, subject="Pengingat: Pewarnaan — Kamis", link="https://x/s/1")
    outcomes = hand(EmailGateway(), one, letter("Hai", "pak@example.org"))
    first, second = server.ledger()
    assert (first.to, first.key, first.facts["subject"]) == (TO, str(one.key), "Pengingat: Pewarnaan — Kamis")
    assert first.text.splitlines() == ["Halo Bu Lidia", "https://x/s/1"]
    assert [each.provider_id for each in outcomes] == [first.facts["message_id"], second.facts["message_id"]]
    assert [each.state for each in outcomes] == ["accepted", "accepted"]
    assert EmailGateway.guarantee is Guarantee.NONE
    assert EmailGateway().look_up([one.key]) == {}


@pytest.mark.parametrize(
    ("code", "fault"), [("450", "later"), ("451", "later"), ("421", "later"), ("550", "address"), ("554", "letter")]
)
def test_each_code_has_its_consequence_for_one_letter(server: Provider, code: str, fault: str) -> None:
    server.faults(numbers={TO: code})
    first, second = hand(EmailGateway(), letter(to=TO), letter(to="pak@example.org"))
    assert said(first) == ("failed", fault, code)
    assert TO not in first.note
    assert (second == LATER) if code == "421" else (second.state == "accepted")


@pytest.mark.parametrize(("fate", "taken"), [("cut_after", 1), ("hang", 1), ("cut_before", 0), ("deaf", 0)])
def test_silence_after_the_letter_left_is_no_answer_and_the_rest_waits(server: Provider, fate: str, taken: int) -> None:
    server.faults(numbers={TO: fate})
    assert hand(EmailGateway(), letter(to=TO), letter(to="pak@example.org")) == [UNANSWERED, LATER]
    assert len(server.ledger()) == taken


def test_wrong_password_stops_the_run(server: Provider, settings: Settings) -> None:
    assert EmailGateway().check().state == "accepted"
    settings.EMAIL_HOST_PASSWORD = "salah"
    outcomes = hand(EmailGateway(), letter(to=TO), letter(to="pak@example.org"))
    assert [said(each) for each in outcomes] == [("failed", "stop", "535")] * 2
    assert said(EmailGateway().check())[1] == "stop"
    settings.EMAIL_HOST_USER = ""
    assert said(hand(EmailGateway(), letter(to=TO))[0]) == ("failed", "stop", "530")
    assert server.ledger() == []


def test_server_that_is_away_is_tried_later(settings: Settings, server: Provider) -> None:
    settings.EMAIL_PORT = 1
    assert hand(EmailGateway(), letter(to=TO)) == [LATER]


def test_process_that_stood_still_does_not_send(server: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([0.0, 1.0, PROMPT + 1])
    monkeypatch.setattr(email, "monotonic", lambda: next(times))
    first, second = hand(EmailGateway(), letter(to=TO), letter(to="pak@example.org"))
    assert (first.state, second) == ("accepted", STOOD_STILL)
    assert [entry.to for entry in server.ledger()] == [TO]


def test_letter_with_a_line_break_in_its_subject_is_our_mistake(server: Provider) -> None:
    bad, good = hand(EmailGateway(), letter(to=TO, subject="a\nBcc: x@example.org"), letter(to=TO))
    assert said(bad) == ("failed", "letter", "")
    assert good.state == "accepted"


def test_session_is_attached_under_the_key_of_the_calendars(cohort: Cohort) -> None:
    session = meeting(cohort, factories.NOW + timedelta(days=7))
    sent = message_of(letter("Halo", TO, calendar=invite_of([session], at=factories.NOW))).message()
    parts = list(message_from_bytes(sent.as_bytes(), policy=default).walk())
    assert [part.get_content_type() for part in parts] == ["multipart/mixed", "text/plain", "text/calendar"]
    assert parts[2].get_filename() == "jadwal.ics"
    assert parts[2]["Content-Type"].params["method"] == "PUBLISH"
    lines = parts[2].get_content().splitlines()
    assert f"UID:session-{session.pk}@testserver" in lines
    assert {"SEQUENCE:0", "STATUS:CONFIRMED", "DTSTAMP:20261001T030000Z"} <= set(lines)
    assert b"BEGIN:VEVENT" in invite_of([session])


def test_session_that_moved_or_was_called_off_keeps_its_key(cohort: Cohort) -> None:
    session = meeting(cohort, factories.NOW + timedelta(days=7))
    Session.objects.filter(pk=session.pk).update(revision=3)
    session.refresh_from_db()
    assert b"SEQUENCE:2" in invite_of([session], at=factories.NOW)
    session.state, session.reason = SessionState.CANCELLED, "Banjir"
    called_off = invite_of([session], at=factories.NOW).decode()
    assert f"UID:session-{session.pk}@testserver" in called_off
    assert "SEQUENCE:3" in called_off
    assert "STATUS:CANCELLED" in called_off
    assert "SUMMARY:Dibatalkan: " in called_off
