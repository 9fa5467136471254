"""The doors for gateways: nothing is read before it is proven, all is kept once, and no body breaks them."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from common import doorbell
from reminders.channels import whatsapp_words
from reminders.models import GatewayEvent
from replies import webhooks
from replies.models import Reply
from tests import factories
from tests.provider.process import Provider
from tests.provider.whatsapp import signed

SECRET = "rahasia"
WHATSAPP, SMS = "/webhooks/whatsapp", "/webhooks/sms"
Knock = Callable[[bytes], int]


@pytest.fixture(autouse=True)
def agreed(settings: Settings) -> None:
    settings.WHATSAPP_APP_SECRET, settings.WHATSAPP_VERIFY_TOKEN, settings.SMS_WEBHOOK_TOKEN = SECRET, "kata", SECRET


def told(**value: Any) -> bytes:
    return json.dumps({"entry": [{"id": "W", "changes": [{"field": "messages", "value": value}]}]}).encode()


def status(name: str, state: str = "delivered") -> dict[str, Any]:
    return {"id": name, "status": state, "timestamp": str(int(factories.NOW.timestamp())), "recipient_id": "6281"}


def message(name: str, text: str = "HADIR") -> dict[str, Any]:
    moment = str(int(factories.NOW.timestamp()))
    return {"from": "6281234567890", "id": name, "timestamp": moment, "type": "text", "text": {"body": text}}


def to_meta(body: bytes, client: Client | None = None) -> int:
    signature = signed(body, SECRET)["X-Hub-Signature-256"]
    headers = {"X-Hub-Signature-256": signature}
    return (client or Client()).post(WHATSAPP, body, content_type="application/json", headers=headers).status_code


def to_sms(body: bytes, kind: str = "application/json") -> int:
    return Client().post(SMS, body, content_type=kind, headers={"Authorization": f"Bearer {SECRET}"}).status_code


def test_challenge_is_given_back_to_who_knows_our_word(db: None, settings: Settings) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": "kata", "hub.challenge": "<b>115"}
    answer = Client().get(WHATSAPP, asked)
    assert (answer.status_code, answer.content) == (200, b"<b>115")
    assert answer["Content-Type"].startswith("text/plain")
    for wrong in ({"hub.verify_token": "lain"}, {"hub.mode": "x"}, {"hub.verify_token": ""}, {"hub.verify_token": "é"}):
        assert Client().get(WHATSAPP, {**asked, **wrong}).status_code == 403
    settings.WHATSAPP_VERIFY_TOKEN = ""
    assert Client().get(WHATSAPP, {**asked, "hub.verify_token": ""}).status_code == 403


def test_reports_and_words_are_kept_in_one_transaction_and_the_bell_rings(
    clock: object, db: None, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    rung: list[int] = []
    monkeypatch.setattr(doorbell, "_bells", [lambda: rung.append(1)])
    with django_capture_on_commit_callbacks(execute=True):
        assert to_meta(told(statuses=[status("wamid.A")], messages=[message("wamid.IN")])) == 200
    event, reply = GatewayEvent.objects.get(), Reply.objects.get()
    assert (event.provider_id, event.state, event.at, event.recipient) == ("wamid.A", "delivered", factories.NOW, "")
    assert (reply.event_id, reply.sender, reply.text, reply.state) == ("wamid.IN", "+6281234567890", "HADIR", "new")
    assert rung == [1]


def test_door_sets_no_cookie_and_is_not_cached(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    body = told()
    answer = client.post(WHATSAPP, body, content_type="application/json", headers=signed(body, SECRET))
    assert (answer.status_code, answer.content, dict(answer.cookies)) == (200, b"", {})
    assert "no-store" in answer["Cache-Control"]
    assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=" + "0" * 64, "nonsense", "sha1=abc"])
def test_wrong_signature_is_turned_away_unread(signature: str, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whatsapp_words, "read_webhook", lambda *_, **__: pytest.fail("it was read"))
    headers = {"X-Hub-Signature-256": signature}
    with CaptureQueriesContext(connection) as queries:
        answer = Client().post(WHATSAPP, told(), content_type="application/json", headers=headers)
    assert (answer.status_code, len(queries)) == (403, 0)


def test_wrong_token_of_sms_is_turned_away_unread(db: None, settings: Settings) -> None:
    for token in ("", "Bearer lain", "Bearer "):
        answer = Client().post(SMS, b"{}", content_type="application/json", headers={"Authorization": token})
        assert answer.status_code == 403
    settings.SMS_WEBHOOK_TOKEN = ""
    assert to_sms(b"{}") == 403
    assert Client().get(SMS).status_code == 405
    assert Client().put(WHATSAPP).status_code == 405


def test_the_same_again_changes_nothing(db: None) -> None:
    body = told(
        statuses=[status("wamid.A"), status("wamid.A"), status("wamid.A", "read")], messages=[message("wamid.1")]
    )
    for _ in range(3):
        assert to_meta(body) == 200
    assert to_meta(told(messages=[message("wamid.1"), message("wamid.1"), message("wamid.2")])) == 200
    assert GatewayEvent.objects.count() == 2
    assert Reply.objects.count() == 2
    for _ in range(2):
        assert to_sms(b'{"from": "081234567890", "text": "1", "id": "in-1"}') == 200
        assert to_sms(b"id=sms-1&status=delivered", "application/x-www-form-urlencoded") == 200
    assert GatewayEvent.objects.filter(channel="sms").count() == Reply.objects.filter(channel="sms").count() == 1


def test_standing_of_templates_is_told_to_the_operator(db: None, caplog: pytest.LogCaptureFixture) -> None:
    value = {"event": "REJECTED", "message_template_name": "pengingat", "message_template_language": "id"}
    change = {"field": "message_template_status_update", "value": value}
    assert to_meta(json.dumps({"entry": [{"changes": [change]}]}).encode()) == 200
    assert "template pengingat (id): rejected" in caplog.text


def test_ten_thousand_reports_cost_one_statement(db: None) -> None:
    def queries(number: int) -> int:
        body = told(statuses=[status(f"wamid.{number}.{index}") for index in range(number)])
        with CaptureQueriesContext(connection) as seen:
            assert to_meta(body) == 200
        return len(seen)

    assert queries(1) == queries(10_000)
    assert GatewayEvent.objects.count() == 10_001


def test_a_thousand_words_at_once_are_all_kept(db: None) -> None:
    assert to_meta(told(messages=[message(f"wamid.{index}", "x" * 500) for index in range(1_500)])) == 200
    assert Reply.objects.count() == 1_500


def test_what_is_too_long_is_refused_unread(db: None) -> None:
    assert to_meta(b" " * (webhooks.MOST + 1)) == 413
    headers = {"X-Hub-Signature-256": "sha256="}
    answer = Client().post(WHATSAPP, b"{}", content_type="application/json", headers=headers, CONTENT_LENGTH="9" * 30)
    assert answer.status_code == 413
    assert to_meta(told(statuses=[status("wamid.A")]) + b" " * 1_000_000) == 200
    assert GatewayEvent.objects.count() == 1


def test_gateway_is_asked_to_come_again_while_the_database_is_away(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError

    monkeypatch.setattr(webhooks, "hear_reports", away)
    assert to_meta(told(statuses=[status("wamid.A")], messages=[message("wamid.1")])) == HTTPStatus.SERVICE_UNAVAILABLE
    assert Reply.objects.count() == 0


DEEP: Any = "x"
for _level in range(200):
    DEEP = [DEEP]
THINGS: list[Any] = [
    None,
    True,
    -1,
    1e308,
    10**400,
    "",
    "\0",
    "a\0b",
    "\ud800",
    "x" * 300,
    [],
    {},
    [None],
    {"id": {}},
    DEEP,
]
BODIES = [
    b"",
    b"{",
    b"\xff\xfe\x00",
    b"[" * 200_000,
    b"9" * 10_000,
    b"null",
    b'"a"',
    b"[]",
    b"NaN",
    "é".encode("utf-16"),
]


@pytest.mark.parametrize("body", BODIES, ids=[repr(each[:12]) for each in BODIES])
@pytest.mark.parametrize("knock", [to_meta, to_sms, lambda body: to_sms(body, "application/x-www-form-urlencoded")])
def test_no_body_is_an_error(knock: Knock, body: bytes, db: None) -> None:
    assert knock(body) == 200
    assert not GatewayEvent.objects.exists()


@pytest.mark.parametrize("thing", THINGS, ids=[repr(each)[:14] for each in THINGS])
def test_no_part_is_an_error_and_what_is_whole_beside_it_is_kept(thing: Any, db: None) -> None:
    reports = [{**status("wamid.A"), name: thing} for name in ("id", "status", "timestamp", "recipient_id", "errors")]
    words = [{**message("wamid.1"), name: thing} for name in ("id", "from", "timestamp", "type", "text", "context")]
    extra = {"pricing": {"category": thing, "billable": thing}, "errors": [{"code": thing}]}
    body = told(
        statuses=[thing, *reports, {**status("wamid.B"), **extra}, status("wamid.GOOD")],
        messages=[thing, *words, message("wamid.GOOD"), message("wamid.T", thing)],
        contacts=[thing, {"wa_id": thing, "user_id": thing}],
    )
    assert to_meta(body) == 200
    assert GatewayEvent.objects.filter(provider_id="wamid.GOOD").count() == 1
    assert Reply.objects.filter(event_id="wamid.GOOD").count() == 1
    for name in ("id", "status", "to", "from", "text", "key", "reason", "timestamp"):
        whole = {"id": "sms-1", "status": "delivered", "to": "0812", "from": "081234567890", "text": "1"}
        assert to_sms(json.dumps([thing, {**whole, name: thing}, {**whole, "id": "GOOD"}]).encode()) == 200
    assert Reply.objects.filter(channel="sms", event_id="GOOD").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_from_many_sides_at_once_is_kept_once_and_nobody_waits_for_ever() -> None:
    names = [f"wamid.{index}" for index in range(300)]

    def bring(turn: int) -> int:
        order = names if turn % 2 else names[::-1]
        try:
            return to_meta(told(statuses=[status(name) for name in order], messages=[message(name) for name in order]))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as doors:
        assert set(doors.map(bring, range(16))) == {200}
    assert (GatewayEvent.objects.count(), Reply.objects.count()) == (300, 300)


@pytest.fixture
def meta(tmp_path: Any, live_server: LiveServer) -> Iterator[Provider]:
    reports = {"to": live_server.url + WHATSAPP, "secret": SECRET, "doubled": 0.5, "together": 5, "spread": 0.3}
    with Provider("whatsapp", tmp_path / "ledger", reports=reports, play={"echo": True}) as provider:
        yield provider


@pytest.mark.django_db(transaction=True)
def test_gateway_of_the_tests_is_heard_doubled_and_out_of_order(meta: Provider) -> None:
    meta.say(**{"from": "6281234567890", "text": "HADIR", "times": 3})
    meta.say(user_id="ID.7", payload="rsvp:T:ya", text="Saya hadir", context="wamid.OURS")
    while meta.counts()["waiting"]:
        pass
    assert sorted(Reply.objects.values_list("sender", "user_id", "text", "payload", "context")) == [
        ("", "ID.7", "Saya hadir", "rsvp:T:ya", "wamid.OURS"),
        ("+6281234567890", "", "HADIR", "", ""),
    ]
