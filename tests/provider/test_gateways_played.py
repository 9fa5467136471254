"""The gateways that tests play: they keep their books before they answer, and fail as they are told."""

import contextlib
import smtplib
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.provider.ear import Ear
from tests.provider.process import TOKEN, Provider
from tests.provider.whatsapp import signed

PLACE = "/v26.0/100200300/messages"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
TO = "6281234567890"


def text(body: str = "Halo", to: str = TO, **more: Any) -> dict[str, Any]:
    return {"messaging_product": "whatsapp", "to": to, "type": "text", "text": {"body": body}, **more}


def template(*words: str) -> dict[str, Any]:
    parameters = [{"type": "text", "text": word} for word in words]
    body = {"name": "undangan", "language": {"code": "id"}, "components": [{"type": "body", "parameters": parameters}]}
    return {"messaging_product": "whatsapp", "to": TO, "type": "template", "template": body}


def post(provider: Provider, said: dict[str, Any], **more: Any) -> httpx.Response:
    return httpx.post(provider.url + PLACE, json=said, headers=BEARER, timeout=0.5, **more)


@pytest.fixture
def whatsapp(tmp_path: Path) -> Iterator[Provider]:
    with Provider("whatsapp", tmp_path / "ledger", play={"echo": True, "templates": {"undangan": 2}}) as provider:
        yield provider


def test_letter_stands_in_the_ledger_when_its_answer_comes(whatsapp: Provider) -> None:
    said = post(whatsapp, text("Halo Bu Lidia", biz_opaque_callback_data="k1")).json()
    (entry,) = whatsapp.ledger()
    assert said["messages"] == [{"id": entry.id, "message_status": "accepted"}]
    assert (entry.to, entry.text, entry.key) == ("+6281234567890", "Halo Bu Lidia", "k1")


@pytest.mark.parametrize(
    ("fate", "taken"), [("cut_before", 0), ("deaf", 0), ("cut_after", 1), ("hang", 1), ("error_after", 1)]
)
def test_letter_without_an_answer_was_taken_or_not(whatsapp: Provider, fate: str, taken: int) -> None:
    whatsapp.faults(next=[fate])
    with contextlib.suppress(httpx.TransportError):
        assert post(whatsapp, text()).status_code == 500
    assert len(whatsapp.ledger()) == taken
    assert post(whatsapp, text()).status_code == 200


@pytest.mark.parametrize(("code", "status"), [("131026", 400), ("130429", 429), ("190", 401)])
def test_refusals_carry_their_codes(whatsapp: Provider, code: str, status: int) -> None:
    whatsapp.faults(numbers={f"+{TO}": code})
    answer = post(whatsapp, text())
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, int(code))
    assert whatsapp.ledger() == []


def test_wrong_token_template_or_number_of_words_is_refused(whatsapp: Provider) -> None:
    wrong = httpx.post(whatsapp.url + PLACE, json=text(), headers={"Authorization": "Bearer no"})
    unknown = {**template(), "template": {"name": "lain"}}
    said = [wrong, post(whatsapp, template("Bu Lidia")), post(whatsapp, unknown), post(whatsapp, {"to": TO})]
    assert [each.json()["error"]["code"] for each in said] == [190, 132000, 132001, 131009]
    assert post(whatsapp, template("Bu Lidia", "Kamis")).status_code == 200
    assert whatsapp.ledger()[0].text == "undangan\nBu Lidia\nKamis"


def test_rate_is_never_passed(tmp_path: Path) -> None:
    with Provider("whatsapp", tmp_path / "ledger", faults={"rate": 5}) as provider, httpx.Client() as client:
        said = [client.post(provider.url + PLACE, json=text(), headers=BEARER) for _ in range(8)]
    assert [each.status_code for each in said] == [200] * 5 + [429] * 3


def test_faults_repeat_with_their_seed(tmp_path: Path) -> None:
    def codes(name: str) -> list[int]:
        with Provider("whatsapp", tmp_path / name, seed=4, faults={"refuse": {"131026": 0.5}}) as provider:
            return [post(provider, text()).status_code for _ in range(20)]

    first = codes("one")
    assert first == codes("two")
    assert set(first) == {200, 400}


@pytest.fixture
def ear() -> Iterator[Ear]:
    with Ear(deaf=1) as server:
        yield server


def settled(provider: Provider) -> None:
    while provider.counts()["waiting"]:
        time.sleep(0.02)


def test_reports_are_signed_echo_the_key_and_come_until_they_are_taken(whatsapp: Provider, ear: Ear) -> None:
    whatsapp.reports(to=ear.url, secret="rahasia", doubled=1, together=3)
    post(whatsapp, text(biz_opaque_callback_data="k1"))
    settled(whatsapp)
    for headers, body in ear.heard:
        assert headers["X-Hub-Signature-256"] == signed(body, "rahasia")["X-Hub-Signature-256"]
    told = ear.statuses()
    assert sorted(status["status"] for status in told) == sorted(["sent", "delivered", "read"] * 2)
    assert {status["biz_opaque_callback_data"] for status in told} == {"k1"}
    assert {status["id"] for status in told} == {whatsapp.ledger()[0].id}


def test_letter_may_be_taken_and_fail_later(whatsapp: Provider, ear: Ear) -> None:
    whatsapp.reports(to=ear.url, failed=1, nameless=1)
    post(whatsapp, text())
    settled(whatsapp)
    (told,) = ear.statuses()
    assert (told["status"], told["errors"][0]["code"], told["recipient_id"]) == ("failed", 131026, "")
    assert not whatsapp.ledger()[0].arrives


def test_people_write(whatsapp: Provider, ear: Ear) -> None:
    whatsapp.reports(to=ear.url)
    name = whatsapp.say(**{"from": "", "user_id": "ID.9", "payload": "rsvp:1:ya", "context": "wamid.OURS"})
    settled(whatsapp)
    (value,) = ear.values()
    (message,) = value["messages"]
    assert (message["id"], message["from"], message["context"]) == (name, "", {"id": "wamid.OURS"})
    assert message["button"]["payload"] == "rsvp:1:ya"
    assert value["contacts"][0]["user_id"] == "ID.9"


def test_sms_keeps_keys_and_can_be_asked(tmp_path: Path) -> None:
    names = {"to": "target", "text": "message", "key": "header:Idempotency-Key"}
    with Provider("sms", tmp_path / "ledger", names=names, desk={"keys": True}, play={"lookup": True}) as provider:
        door, headers = f"{provider.url}/send", {**BEARER, "Idempotency-Key": "k1"}
        provider.faults(next=["cut_after"])
        with pytest.raises(httpx.TransportError):
            httpx.post(door, data={"target": TO, "message": "Halo"}, headers=headers)
        again = httpx.post(door, data={"target": TO, "message": "Halo"}, headers=headers).json()
        asked = httpx.get(door, params={"key": "k1"}, headers=BEARER).json()
        assert again["id"] == asked["id"] == provider.ledger()[0].id
        assert len(provider.ledger()) == 1
        assert httpx.get(door, params={"key": "k2"}, headers=BEARER).status_code == 404


@pytest.fixture
def smtp(tmp_path: Path) -> Iterator[Provider]:
    with Provider("smtp", tmp_path / "ledger", play={"password": "kata sandi"}) as provider:
        yield provider


def letter(*to: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "desa@example.org", ", ".join(to), "Jadwal"
    mail["Message-ID"] = "<0b0d1f0e-6a0c-4a55-9d59-0d8f0c7d4c11@example.org>"
    mail.set_content("Halo Bu Lidia\n.titik\n")
    mail.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar", filename="sesi.ics")
    return mail


def connect(provider: Provider) -> smtplib.SMTP:
    client = smtplib.SMTP("127.0.0.1", provider.port, timeout=0.5)
    client.login("desa", "kata sandi")
    return client


def test_mail_is_taken_once_for_each_recipient(smtp: Provider) -> None:
    smtp.faults(numbers={"tidak@example.org": "550"})
    with connect(smtp) as client:
        refused = client.send_message(letter("ibu@example.org", "pak@example.org", "tidak@example.org"))
    assert list(refused) == ["tidak@example.org"]
    assert [entry.to for entry in smtp.ledger()] == ["ibu@example.org", "pak@example.org"]
    entry = smtp.ledger()[0]
    assert entry.text.splitlines() == ["Halo Bu Lidia", ".titik"]
    assert entry.key == "0b0d1f0e-6a0c-4a55-9d59-0d8f0c7d4c11"
    assert entry.facts["attached"] == "text/calendar"


def test_mail_without_the_password_is_refused(smtp: Provider) -> None:
    with smtplib.SMTP("127.0.0.1", smtp.port, timeout=0.5) as client, pytest.raises(smtplib.SMTPException):
        client.send_message(letter("ibu@example.org"))
    with pytest.raises(smtplib.SMTPAuthenticationError):
        smtplib.SMTP("127.0.0.1", smtp.port, timeout=0.5).login("desa", "salah")
    assert smtp.ledger() == []


@pytest.mark.parametrize(("fate", "taken"), [("cut_after", 1), ("hang", 1), ("cut_before", 0), ("451", 0), ("554", 0)])
def test_mail_that_breaks_after_its_data_was_taken_or_not(smtp: Provider, fate: str, taken: int) -> None:
    smtp.faults(next=[fate])
    client = connect(smtp)
    with pytest.raises((smtplib.SMTPException, TimeoutError)):
        client.send_message(letter("ibu@example.org"))
    client.close()
    assert len(smtp.ledger()) == taken
