"""WhatsApp: what leaves, what each answer means, and what Meta tells afterwards."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from reminders.channels import fault_of_report, http
from reminders.channels.gateway import Guarantee
from reminders.channels.heard import Heard, TemplateWord
from reminders.channels.http import UNANSWERED
from reminders.channels.whatsapp import WhatsAppGateway, body_of, verify
from reminders.channels.whatsapp_words import read_webhook
from reminders.states import Channel
from reminders.topics import LINK
from tests import factories
from tests.provider.process import TOKEN, Provider
from tests.provider.whatsapp import signed
from tests.reminders.channels.letters import NUMBER, fresh, hand, letter, said

AT = factories.NOW


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    ledger, known = tmp_path_factory.mktemp("whatsapp") / "ledger", {"pengingat": 2, "kode_masuk": 1}
    with Provider("whatsapp", ledger, play={"templates": known}) as provider:
        yield provider


@pytest.fixture
def meta(house: Provider, settings: Settings) -> Provider:
    settings.WHATSAPP_BASE_URL = f"{house.url}/v26.0"
    settings.WHATSAPP_TOKEN, settings.WHATSAPP_PHONE_NUMBER_ID = TOKEN, "100200300"
    return fresh(house)


def test_letters_are_accepted_under_the_gateways_id(meta: Provider) -> None:
    first, second = letter("Halo {link}".replace("{link}", LINK), link="https://x/s/1"), letter("Hai", "+6281300000000")
    outcomes = hand(WhatsAppGateway(), first, second)
    taken = {entry.to: entry for entry in meta.ledger()}
    assert [(each.state, each.provider_id) for each in outcomes] == [
        ("accepted", taken[NUMBER].id),
        ("accepted", taken["+6281300000000"].id),
    ]
    assert (taken[NUMBER].text, taken[NUMBER].key) == ("Halo https://x/s/1", first.key.hex)
    assert WhatsAppGateway.guarantee is Guarantee.ECHO


def test_template_carries_its_words_and_buttons_as_meta_wants_them() -> None:
    gaps = ("Bu  Ani\n", f"lihat {LINK}", "")
    one = letter("...", template="pengingat", parameters=gaps, buttons=("rsvp:T:ya", "rsvp:T:tidak"), link="https://x")
    told = json.loads(body_of(one))
    assert told | {"template": {}} == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "6281234567890",
        "biz_opaque_callback_data": one.key.hex,
        "type": "template",
        "template": {},
    }
    assert told["template"]["name"] == "pengingat"
    assert told["template"]["language"] == {"code": "id"}
    body, yes, no = told["template"]["components"]
    words = [{"type": "text", "text": text} for text in ("Bu Ani", "lihat https://x", "–")]
    assert body == {"type": "body", "parameters": words}
    assert (yes["sub_type"], yes["index"], no["index"]) == ("quick_reply", "0", "1")
    assert no["parameters"] == [{"type": "payload", "payload": "rsvp:T:tidak"}]


def test_code_of_signing_in_stands_in_its_text_and_behind_its_button(meta: Provider) -> None:
    one = letter("", template="kode_masuk", parameters=("123456",), code="123456")
    copy = json.loads(body_of(one))["template"]["components"][1]
    assert copy == {
        "type": "button",
        "sub_type": "url",
        "index": "0",
        "parameters": [{"type": "text", "text": "123456"}],
    }
    assert said(hand(WhatsAppGateway(), one)[0]) == ("accepted", None, "")


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        *[(code, "later") for code in ("4", "80007", "130429", "131056")],
        *[(code, "stop") for code in ("190", "368", "131031", "131048")],
        ("131026", "address"),
        *[
            (code, "letter")
            for code in ("131047", "130472", "131049", "132000", "132015", "131008", "131009", "999999")
        ],
    ],
)
def test_each_code_of_meta_has_its_consequence(meta: Provider, code: str, fault: str) -> None:
    meta.faults(next=[code])
    (outcome,) = hand(WhatsAppGateway(), letter())
    assert said(outcome) == ("failed", fault, code)
    assert outcome.note == f"(#{code}) Refused"
    assert meta.ledger() == []
    assert fault_of_report("whatsapp", code) == fault


@pytest.mark.parametrize(
    ("fate", "taken"), [("cut_after", 1), ("hang", 1), ("error_after", 1), ("cut_before", 0), ("deaf", 0)]
)
def test_no_answer_is_never_taken_for_a_no(
    meta: Provider, monkeypatch: pytest.MonkeyPatch, fate: str, taken: int
) -> None:
    monkeypatch.setattr(http, "SILENCE", 0.5)
    meta.faults(numbers={NUMBER: fate})
    one, other = hand(WhatsAppGateway(), letter(), letter(to="+6281300000000"))
    assert (one, other.state) == (UNANSWERED, "accepted")
    assert len(meta.ledger()) == taken + 1


def test_wrong_token_template_or_sender_stops_or_concerns_the_letter(meta: Provider, settings: Settings) -> None:
    unknown = letter("", template="lain", parameters=("a",))
    assert said(hand(WhatsAppGateway(), unknown)[0]) == ("failed", "letter", "132001")
    settings.WHATSAPP_TOKEN = "wrong"
    assert said(hand(WhatsAppGateway(), letter())[0]) == ("failed", "stop", "190")
    assert said(WhatsAppGateway().check()) == ("failed", "letter", "100")  # this provider has no such page
    assert WhatsAppGateway().look_up([letter().key]) == {}


def test_letters_to_many_numbers_and_many_fates_each_get_their_own(meta: Provider) -> None:
    numbers = [f"+62812000000{index:02d}" for index in range(64)]
    meta.faults(numbers=dict.fromkeys(numbers[::2], "131026"), latency=50)
    outcomes = hand(WhatsAppGateway(), *[letter(to=number) for number in numbers])
    assert [each.fault for each in outcomes] == ["address", None] * 32
    ids = {entry.to: entry.id for entry in meta.ledger()}
    assert [each.provider_id for each in outcomes[1::2]] == [ids[number] for number in numbers[1::2]]


def test_signature_is_over_the_bytes_as_they_came(settings: Settings) -> None:
    settings.WHATSAPP_APP_SECRET = "rahasia"
    body = b'{"a":  1}'
    good = signed(body, "rahasia")["X-Hub-Signature-256"]
    assert verify(good, body)
    assert not verify(good, b'{"a": 1}')
    for wrong in ("", "sha256=", good.removeprefix("sha256="), good.upper(), good[:-1], "sha256=é"):
        assert not verify(wrong, body)
    settings.WHATSAPP_APP_SECRET = ""
    assert not verify(signed(body, "")["X-Hub-Signature-256"], body)


def told(**value: Any) -> bytes:
    changes = [{"field": "messages", "value": value}]
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"id": "W", "changes": changes}]}).encode()


def status(**more: Any) -> dict[str, Any]:
    return {"id": "wamid.A", "status": "delivered", "timestamp": str(int(AT.timestamp())), **more}


def message(**more: Any) -> dict[str, Any]:
    return {"from": "6281234567890", "id": "wamid.IN", "timestamp": str(int(AT.timestamp())), **more}


def test_report_tells_state_key_price_and_error() -> None:
    key = letter().key
    pricing = {"billable": True, "pricing_model": "PMP", "category": "utility"}
    error = {"code": 131026, "title": "Message undeliverable"}
    first = status(recipient_id="6281234567890", pricing=pricing, biz_opaque_callback_data=key.hex)
    heard = read_webhook(told(statuses=[first, status(status="failed", errors=[error])]), at=AT)
    arrived, failed = heard.reports
    assert (arrived.provider_id, arrived.state, arrived.at) == ("wamid.A", "delivered", AT)
    assert (arrived.key, arrived.recipient, arrived.billable, arrived.category) == (key, NUMBER, True, "utility")
    assert (failed.state, failed.code, failed.key, failed.recipient, failed.billable) == (
        "failed",
        "131026",
        None,
        "",
        None,
    )


@pytest.mark.parametrize(
    ("more", "text", "payload"),
    [
        ({"type": "text", "text": {"body": "HADIR"}}, "HADIR", ""),
        ({"type": "button", "button": {"payload": "rsvp:T:ya", "text": "Saya hadir"}}, "Saya hadir", "rsvp:T:ya"),
        (
            {
                "type": "interactive",
                "interactive": {"type": "button_reply", "button_reply": {"id": "x", "title": "Ya"}},
            },
            "Ya",
            "x",
        ),
        ({"type": "image", "image": {"id": "1", "caption": "Kain saya"}}, "[image] Kain saya", ""),
        ({"type": "reaction", "reaction": {"emoji": "👍"}}, "[reaction] 👍", ""),
        ({"type": "sticker"}, "[sticker]", ""),
        ({}, "[?]", ""),
    ],
)
def test_whatever_people_send_is_kept_as_words(more: dict[str, Any], text: str, payload: str) -> None:
    (one,) = read_webhook(told(messages=[message(**more, context={"id": "wamid.OURS"})]), at=AT).said
    assert (one.event_id, one.sender, one.text, one.payload, one.context) == (
        "wamid.IN",
        NUMBER,
        text,
        payload,
        "wamid.OURS",
    )


def test_person_without_a_number_is_known_by_their_own_id() -> None:
    contact = {"profile": {"name": "Ani", "username": "@ani"}, "wa_id": "", "user_id": "ID.77"}
    text = {"type": "text", "text": {"body": "HADIR"}}
    (beside,) = read_webhook(told(contacts=[contact], messages=[message(**text) | {"from": ""}]), at=AT).said
    (within,) = read_webhook(told(messages=[{**text, "id": "wamid.2", "from_user_id": "ID.78"}]), at=AT).said
    assert (beside.sender, beside.user_id) == ("", "ID.77")
    assert (within.sender, within.user_id, within.at) == ("", "ID.78", AT)


def test_words_without_an_id_are_kept_once() -> None:
    one = {"from": "6281234567890", "type": "text", "text": {"body": "HADIR"}}
    first, again, other = (
        read_webhook(told(messages=[each]), at=AT).said[0].event_id for each in (one, dict(one), {**one, "text": 1})
    )
    assert first == again != other
    assert first.startswith("sha256:")


def test_absurd_times_count_as_now() -> None:
    tomorrow = str(int((AT + timedelta(days=2)).timestamp()))
    absurd: list[Any] = ["9" * 30, "-1", "0", tomorrow, None, {}, "nan", "inf"]
    for timestamp in absurd:
        assert read_webhook(told(statuses=[status(timestamp=timestamp)]), at=AT).reports[0].at == AT


def test_standing_and_category_of_templates_are_heard() -> None:
    state = {
        "event": "REJECTED",
        "message_template_name": "pengingat",
        "message_template_language": "id",
        "reason": "TAG",
    }
    kind = {"message_template_name": "pengingat", "message_template_language": "id", "new_category": "MARKETING"}
    changes = [
        {"field": "message_template_status_update", "value": state},
        {"field": "template_category_update", "value": kind},
        {"field": "account_update", "value": {}},
    ]
    heard = read_webhook(json.dumps({"entry": [{"changes": changes}]}).encode(), at=AT)
    assert heard.templates == (
        TemplateWord(Channel.WHATSAPP, "pengingat", "id", state="rejected", reason="TAG"),
        TemplateWord(Channel.WHATSAPP, "pengingat", "id", category="marketing"),
    )
    assert heard.unread == 0


HOSTILE: list[Any] = [
    None,
    True,
    0,
    -1,
    1e308,
    "",
    "\0",
    "\ud800",
    "x" * 100_000,
    [],
    {},
    [[]],
    [None],
    {"id": {}},
    10**400,
]


@pytest.mark.parametrize("thing", HOSTILE, ids=[repr(each)[:20] for each in HOSTILE])
def test_no_shape_breaks_the_reading(thing: Any) -> None:
    keys = ("id", "status", "timestamp", "recipient_id", "pricing", "errors", "biz_opaque_callback_data")
    names = ("from", "id", "timestamp", "type", "text", "context", "button", "from_user_id")
    statuses = [
        thing,
        *[status(**{key: thing}) for key in keys],
        status(pricing={"billable": thing, "category": thing}),
    ]
    messages = [thing, *[message(type="text", text={"body": "a"}) | {name: thing} for name in names]]
    body = told(statuses=statuses, messages=[*messages, message(type="text", text={"body": thing})], contacts=[thing])
    heard = read_webhook(body, at=AT)
    for each in (*heard.reports, *heard.said):
        for field in vars(each).values():
            assert "\0" not in str(field)
            str(field).encode()
    assert all(len(each.text) <= 4096 and len(each.event_id) <= 200 for each in heard.said)
    assert len(heard.said) >= 8
    for body in (
        told(statuses=thing, messages=thing),
        json.dumps({"entry": thing}).encode(),
        json.dumps(thing).encode(),
    ):
        read_webhook(body, at=AT)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"entry": ' + b"[" * 5000, b"9" * 5000, b'{"a":\x00}']
)
def test_no_body_breaks_the_reading(body: bytes) -> None:
    assert read_webhook(body, at=AT) == Heard(unread=1)
