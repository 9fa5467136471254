"""WhatsApp by Meta's Cloud API: approved templates, and free text while the window of a day is open."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from reminders.channels.gateway import WIDEST, Fault, Guarantee, Letter, Outcome, Wording
from reminders.channels.http import Answer, Call, ask_all, harmless, monotonic, outcome_of_status
from reminders.channels.reading import fields_of, id_of, items_of, parsed, text_of
from reminders.states import Channel, MessageState

LONGEST_TEXT: Final = 4096
LONGEST_PARAMETER: Final = 1024
_GAPS = re.compile(r"\s+")

# What follows from each code of Meta's; what is not named here is judged by the answer's status.
FAULTS: Final = {
    **dict.fromkeys(("4", "80007", "130429", "131056", "131057", "133016"), Fault.LATER),
    # Our account: its token, its payment, its standing. 131005, 10 and 200 are rights that the token lacks.
    **dict.fromkeys(("0", "3", "10", "190", "200", "368", "131005", "131031", "131042", "131045"), Fault.STOP),
    **dict.fromkeys(("131048", "133010"), Fault.STOP),
    # This number: not on WhatsApp, our own, or in a country that we may not write to.
    **dict.fromkeys(("131026", "131021", "130497"), Fault.ADDRESS),
    # This letter: its window is closed (131047: a template would still arrive), Meta holds this kind back from this
    # person for now (130472, 131049, 131050), a number not entered for a trial account (131030), or our mistake.
    **dict.fromkeys(("131047", "130472", "131049", "131050", "131030"), Fault.LETTER),
    **dict.fromkeys(("100", "131008", "131009", "131051", "131052", "131053"), Fault.LETTER),
}
_TEMPLATE_FAULT = re.compile(r"132\d{3}")
_NO_SUCH_SENDER = "33"  # with code 100: the id of our own number is wrong


class WhatsAppGateway:
    """One business number. It keeps no keys and cannot be asked, but its reports repeat our key."""

    channel: ClassVar[Channel] = Channel.WHATSAPP
    guarantee: ClassVar[Guarantee] = Guarantee.ECHO
    width: ClassVar[int] = WIDEST

    def deliver(self, letters: Sequence[Letter], *, at: datetime) -> Mapping[UUID, Outcome]:  # noqa: ARG002  by name
        """Hand letters over side by side."""
        since = monotonic()
        calls = {letter.key: _call("messages", body_of(letter)) for letter in letters}
        answers = ask_all(settings.WHATSAPP_BASE_URL, calls, since=since)
        return {key: outcome_of(said) if isinstance(said, Answer) else said for key, said in answers.items()}

    def look_up(self, keys: Sequence[UUID]) -> Mapping[UUID, Outcome]:  # noqa: ARG002
        """Nobody can be asked; the reports tell."""
        return {}

    def check(self) -> Outcome:
        """Ask for our own number's name, which tells whether the address and the token are right."""
        call = _call("?fields=verified_name,quality_rating", b"", method="GET")
        said = ask_all(settings.WHATSAPP_BASE_URL, {0: call}, since=monotonic())[0]
        if not isinstance(said, Answer):
            return said
        if said.is_taken and fields_of(parsed(said.body)).get("id"):
            return Outcome(MessageState.ACCEPTED)
        return refusal_of(said)


def _call(what: str, body: bytes, *, method: str = "POST") -> Call:
    sender = f"{urlsplit(settings.WHATSAPP_BASE_URL).path.rstrip('/')}/{settings.WHATSAPP_PHONE_NUMBER_ID}"
    headers = {"Authorization": f"Bearer {settings.WHATSAPP_TOKEN}", "Content-Type": "application/json"}
    return Call(f"{sender}{what}" if what.startswith("?") else f"{sender}/{what}", body, headers, method)


def body_of(letter: Letter) -> bytes:
    """Write one letter as Meta wants it, with our key to be repeated in the reports."""
    wording = letter.wording
    kind = {"type": "template", "template": template_of(wording)} if wording.template else _free(wording)
    to = letter.address.removeprefix("+")
    base = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": to}
    return json.dumps({**base, "biz_opaque_callback_data": letter.key.hex, **kind}, ensure_ascii=False).encode()


def _free(wording: Wording) -> dict[str, Any]:
    return {"type": "text", "text": {"preview_url": False, "body": wording.filled[:LONGEST_TEXT]}}


def template_of(wording: Wording) -> dict[str, Any]:
    """Write a template by its name, with what stands in its gaps and behind its buttons."""
    parts: list[dict[str, Any]] = []
    if wording.parameters:
        parts.append({"type": "body", "parameters": [_gap(each) for each in wording.filled_parameters]})
    if wording.code:
        parts.append(_button("url", 0, {"type": "text", "text": wording.code}))
    parts += [
        _button("quick_reply", at, {"type": "payload", "payload": said}) for at, said in enumerate(wording.buttons)
    ]
    return {"name": wording.template, "language": {"code": wording.language}, "components": parts}


def _gap(text: str) -> dict[str, str]:
    """Meta takes no line breaks, no wide spaces and no empty text in a gap."""
    return {"type": "text", "text": _GAPS.sub(" ", text).strip()[:LONGEST_PARAMETER] or "–"}


def _button(kind: str, index: int, parameter: Mapping[str, str]) -> dict[str, Any]:
    return {"type": "button", "sub_type": kind, "index": str(index), "parameters": [parameter]}


def outcome_of(said: Answer) -> Outcome:
    """Judge an answer: accepted is not delivered, and a yes that cannot be read is no answer."""
    if not said.is_taken:
        return refusal_of(said)
    message = fields_of(next(items_of(fields_of(parsed(said.body)).get("messages")), None))
    name = id_of(message.get("id"))
    return Outcome(MessageState.ACCEPTED, provider_id=name) if name else outcome_of_status(said)


def refusal_of(said: Answer) -> Outcome:
    """Judge a refusal by Meta's own code where it has one."""
    error = fields_of(fields_of(parsed(said.body)).get("error"))
    code, words = text_of(error.get("code"), 20), text_of(error.get("message"))
    if code == "100" and text_of(error.get("error_subcode")) == _NO_SUCH_SENDER:
        return Outcome(MessageState.FAILED, harmless(words), code=code, fault=Fault.STOP)
    fault = fault_of(code)
    if fault is None:
        return outcome_of_status(said, words, code)
    return Outcome(MessageState.FAILED, harmless(words), code=code, fault=fault)


def fault_of(code: str) -> Fault | None:
    """Tell what follows from a code of Meta's, in an answer or in a report; None where it does not say."""
    return Fault.LETTER if _TEMPLATE_FAULT.fullmatch(code) else FAULTS.get(code)


def verify(signature: str, raw_body: bytes) -> bool:
    """Tell whether a webhook was signed with our secret; to be asked before anything in it is read."""
    made = hmac.new(settings.WHATSAPP_APP_SECRET.encode(), raw_body, hashlib.sha256).hexdigest()
    same = hmac.compare_digest(f"sha256={made}".encode(), signature.encode("utf-8", "replace"))
    return same and bool(settings.WHATSAPP_APP_SECRET)
