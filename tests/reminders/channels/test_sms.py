"""The gateway of SMS: any names, each answer, what it promises, and what it tells afterwards."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from pytest_django import Settings

from reminders.channels import fault_of_report, http, sms
from reminders.channels.gateway import Guarantee
from reminders.channels.heard import Heard
from reminders.channels.http import UNANSWERED, Answer
from reminders.channels.sms import SmsGateway, call_of, outcome_of
from reminders.channels.sms_words import read_webhook, verify
from tests import factories
from tests.provider.process import TOKEN, Provider
from tests.reminders.channels.letters import NUMBER, fresh, hand, letter, said

AT = factories.NOW
FONNTE = {
    "STYLE": "form",
    "SCHEME": "",
    "TO": "target",
    "TEXT": "message",
    "NUMBER": "digits",
    "EXTRA": "countryCode=62",
    "ID": "id.0",
    "WEBHOOK_FROM": "sender",
    "WEBHOOK_TEXT": "message",
}
WABLAS = {
    "SCHEME": "",
    "TO": "phone",
    "TEXT": "message",
    "NUMBER": "local",
    "ID": "data.messages.0.id",
    "REASON": "message",
}


def name(settings: Settings, **names: str) -> None:
    settings.SMS = {**settings.SMS, **names}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    ledger, names, desk = tmp_path_factory.mktemp("sms") / "ledger", {"key": "key"}, {"keys": True}
    with Provider("sms", ledger, names=names, desk=desk, play={"lookup": True}) as provider:
        yield provider


@pytest.fixture
def provider(house: Provider, settings: Settings) -> Provider:
    settings.SMS_URL, settings.SMS_TOKEN = f"{house.url}/send", TOKEN
    return fresh(house)


def test_letter_is_accepted_and_the_same_key_twice_is_one(provider: Provider, settings: Settings) -> None:
    name(settings, KEY="key")
    one = letter()
    first, again = hand(SmsGateway(), one), hand(SmsGateway(), one)
    (entry,) = provider.ledger()
    assert (entry.to, entry.text, entry.key) == (NUMBER, "Halo Bu Lidia", str(one.key))
    assert first == again
    assert (first[0].state, first[0].provider_id) == ("accepted", entry.id)


def test_key_may_stand_in_a_header(tmp_path: Path, settings: Settings) -> None:
    with Provider("sms", tmp_path / "ledger", names={"key": "header:Idempotency-Key"}) as provider:
        settings.SMS_URL, settings.SMS_TOKEN = f"{provider.url}/send", TOKEN
        name(settings, KEY="header:Idempotency-Key", STYLE="form")
        one = letter()
        hand(SmsGateway(), one)
        assert provider.ledger()[0].key == str(one.key)


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("unauthorized", "stop"),
        ("no_credit", "stop"),
        ("bad_number", "address"),
        ("blocked", "address"),
        ("rate", "later"),
        ("busy", "later"),
        ("odd", "letter"),
    ],
)
def test_each_reason_has_its_consequence(provider: Provider, code: str, fault: str) -> None:
    provider.faults(next=[code])
    (outcome,) = hand(SmsGateway(), letter())
    assert (outcome.state, outcome.fault) == ("failed", fault)
    assert provider.ledger() == []
    assert fault_of_report("sms", code) == fault


@pytest.mark.parametrize(("fate", "taken"), [("cut_after", 1), ("hang", 1), ("error_after", 1), ("deaf", 0)])
def test_lost_answer_is_found_by_asking(
    provider: Provider, settings: Settings, monkeypatch: pytest.MonkeyPatch, fate: str, taken: int
) -> None:
    monkeypatch.setattr(http, "SILENCE", 0.5)
    name(settings, KEY="key", LOOKUP_URL=f"{provider.url}/send?key={{key}}")
    provider.faults(next=[fate])
    one = letter()
    assert hand(SmsGateway(), one) == [UNANSWERED]
    found = SmsGateway().look_up([one.key])[one.key]
    expected = ("sent", None, provider.ledger()[0].id) if taken else ("failed", "later", "")
    assert (found.state, found.fault, found.provider_id) == expected


def test_question_without_an_answer_leaves_it_open(
    provider: Provider, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "SILENCE", 0.5)
    assert SmsGateway().look_up([letter().key]) == {}
    name(settings, LOOKUP_URL=f"{provider.url}/send?key={{key}}")
    provider.faults(next=["cut_after"])
    assert SmsGateway().look_up([letter().key]) == {}


def test_promise_depends_on_what_the_gateway_can(settings: Settings) -> None:
    promise = sms._guarantee  # noqa: SLF001
    assert promise() is Guarantee.NONE is SmsGateway.guarantee
    name(settings, LOOKUP_URL="https://sms.example/status?key={key}")
    assert promise() is Guarantee.LOOKUP
    name(settings, KEY="key")
    assert promise() is Guarantee.IDEMPOTENT


def test_fonnte_is_spoken(settings: Settings) -> None:
    settings.SMS_URL, settings.SMS_TOKEN = "https://api.fonnte.com/send", TOKEN
    name(settings, **FONNTE)
    call = call_of(letter())
    assert (call.target, call.headers["Authorization"]) == ("/send", TOKEN)
    assert parse_qs(call.body.decode()) == {
        "countryCode": ["62"],
        "target": ["6281234567890"],
        "message": ["Halo Bu Lidia"],
    }
    taken = Answer(200, b'{"detail":"success! message in queue","id":["80367170"],"process":"pending","status":true}')
    assert outcome_of(taken).provider_id == "80367170"
    assert said(outcome_of(Answer(200, b'{"status":false,"reason":"token invalid"}')))[1] == "stop"
    assert said(outcome_of(Answer(200, b'{"status":false,"reason":"target invalid"}')))[1] == "letter"


def test_wablas_is_spoken(settings: Settings) -> None:
    settings.SMS_URL, settings.SMS_TOKEN = "https://solo.wablas.com/api/send-message", TOKEN
    name(settings, **WABLAS)
    assert json.loads(call_of(letter()).body) == {"phone": "081234567890", "message": "Halo Bu Lidia"}
    taken = Answer(200, b'{"status":true,"data":{"messages":[{"id":"ab-1","phone":"62812","status":"pending"}]}}')
    assert (outcome_of(taken).state, outcome_of(taken).provider_id) == ("accepted", "ab-1")


def test_token_may_stand_in_a_field(settings: Settings) -> None:
    settings.SMS_URL, settings.SMS_TOKEN = "https://sms.example/api?v=2", TOKEN
    name(settings, TOKEN_IN="field:apikey")
    call = call_of(letter())
    assert call.target == "/api?v=2"
    assert "Authorization" not in call.headers
    assert json.loads(call.body)["apikey"] == TOKEN


@pytest.mark.parametrize("body", [b"", b"OK", b"{}", b"[]", b'{"status": {}}', b"\xff", b'{"status":"strange"}'])
def test_yes_that_cannot_be_read_is_no_answer(body: bytes) -> None:
    assert outcome_of(Answer(200, body)) == UNANSWERED


def test_webhook_needs_its_token(settings: Settings) -> None:
    settings.SMS_WEBHOOK_TOKEN = "kata"
    assert verify({"Authorization": "Bearer kata"}, {})
    assert verify({"Authorization": "kata"}, {})
    assert not verify({"Authorization": "Bearer kat\ud800"}, {})
    assert not verify({}, {"token": "kata"})
    name(settings, WEBHOOK_TOKEN_IN="query:token")
    assert verify({}, {"token": "kata"})
    settings.SMS_WEBHOOK_TOKEN = ""
    assert not verify({}, {"token": ""})


@pytest.mark.parametrize("form", [True, False])
def test_reports_are_read_in_either_form(*, form: bool) -> None:
    key = letter().key
    told = {"id": "sms-1", "status": "Delivered", "to": "081234567890", "key": str(key), "reason": ""}
    body = urlencode(told) if form else json.dumps(told)
    (report,) = read_webhook(body.encode(), form=form, at=AT).reports
    assert (report.provider_id, report.state, report.key, report.recipient) == ("sms-1", "delivered", key, NUMBER)


def test_texts_that_people_send_back_are_heard(settings: Settings) -> None:
    told: list[dict[str, Any]] = [
        {"id": "in-1", "from": "081234567890", "text": "1"},
        {"id": "sms-1", "status": "failed", "reason": "bad_number"},
    ]
    heard = read_webhook(json.dumps([*told, {"odd": 1}, None]).encode(), form=False, at=AT)
    (words,), (report,) = heard.said, heard.reports
    assert (words.event_id, words.sender, words.text, words.at) == ("in-1", NUMBER, "1", AT)
    assert (report.state, report.code, heard.unread) == ("failed", "bad_number", 2)
    name(settings, **FONNTE)
    (words,) = read_webhook(b"sender=6281234567890&message=HADIR&device=628", form=True, at=AT).said
    assert (words.sender, words.text) == (NUMBER, "HADIR")


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"&" * 1000, b"9" * 5000, b'"a"', b"null"])
@pytest.mark.parametrize("form", [True, False])
def test_no_body_breaks_the_reading(body: bytes, *, form: bool) -> None:
    heard = read_webhook(body, form=form, at=AT)
    assert heard == Heard(unread=heard.unread)
