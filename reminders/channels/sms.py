"""SMS, or whatever else is sent by one HTTP gateway: its fields have the names that the settings give them."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit
from uuid import UUID, uuid4

from django.conf import settings

from reminders.channels.gateway import WIDEST, Fault, Guarantee, Letter, Outcome
from reminders.channels.http import LATER, UNANSWERED, Answer, Call, ask_all, harmless, monotonic, outcome_of_status
from reminders.channels.reading import dug, id_of, parsed, text_of, word_of
from reminders.states import Channel, MessageState

NOT_THERE: Final = 404
TAKEN: Final = {"sent", "queued", "accepted", "pending", "process", "processed", "submitted", "ok", "success", "true"}
REFUSED: Final = {"failed", "failure", "error", "rejected", "invalid", "expired", "cancel", "canceled", "false"}
STATES: Final = {
    **dict.fromkeys(TAKEN, MessageState.ACCEPTED),
    "sent": MessageState.SENT,
    "delivered": MessageState.DELIVERED,
    "received": MessageState.DELIVERED,
    "read": MessageState.READ,
    **dict.fromkeys(REFUSED | {"undelivered", "undeliverable"}, MessageState.FAILED),
}


def _guarantee() -> Guarantee:
    if settings.SMS["KEY"]:
        return Guarantee.IDEMPOTENT
    return Guarantee.LOOKUP if settings.SMS["LOOKUP_URL"] else Guarantee.NONE


class SmsGateway:
    """One account at any such gateway; what it promises depends on whether it takes keys or can be asked."""

    channel: ClassVar[Channel] = Channel.SMS
    guarantee: ClassVar[Guarantee] = _guarantee()
    width: ClassVar[int] = WIDEST

    def deliver(self, letters: Sequence[Letter], *, at: datetime) -> Mapping[UUID, Outcome]:  # noqa: ARG002  by name
        """Hand letters over side by side."""
        since = monotonic()
        calls = {letter.key: call_of(letter) for letter in letters}
        answers = ask_all(settings.SMS_URL, calls, since=since)
        return {key: outcome_of(said) if isinstance(said, Answer) else said for key, said in answers.items()}

    def look_up(self, keys: Sequence[UUID]) -> Mapping[UUID, Outcome]:
        """Ask by key; a letter that is not there never came, and what is not answered stays open."""
        url = settings.SMS["LOOKUP_URL"]
        if not url:
            return {}
        calls = {key: Call(_target(url, key), headers=_headers(), method="GET") for key in keys}
        answers = ask_all(url, calls, since=monotonic())
        found = {key: found_in(said) for key, said in answers.items() if isinstance(said, Answer)}
        return {key: outcome for key, outcome in found.items() if outcome}

    def check(self) -> Outcome:
        """Ask about a letter that never was, where that can be asked; else nothing is known without sending."""
        url, key = settings.SMS["LOOKUP_URL"], uuid4()
        if not url:
            return UNANSWERED
        said = ask_all(url, {key: Call(_target(url, key), headers=_headers(), method="GET")}, since=monotonic())[key]
        if not isinstance(said, Answer):
            return said
        known = said.is_taken or said.status == NOT_THERE
        return Outcome(MessageState.ACCEPTED) if known else outcome_of(said)


def call_of(letter: Letter) -> Call:
    """Write one letter in this gateway's words."""
    names, headers = settings.SMS, {**_headers(), "Idempotency-Key": str(letter.key)}  # whoever knows none ignores it
    fields = dict(parse_qsl(names["EXTRA"]))
    fields |= {names["TO"]: _number(letter.address), names["TEXT"]: letter.wording.filled}
    for place, value in ((names["TOKEN_IN"], settings.SMS_TOKEN), (names["KEY"], str(letter.key))):
        where, _, name = place.rpartition(":")
        if where == "header":
            headers.setdefault(name, value)
        elif name:
            fields[name] = value
    if names["STYLE"] == "form":
        form = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
        return Call(_target(settings.SMS_URL), urlencode(fields).encode(), form)
    return Call(_target(settings.SMS_URL), json.dumps(fields).encode(), {**headers, "Content-Type": "application/json"})


def _headers() -> dict[str, str]:
    where, _, name = settings.SMS["TOKEN_IN"].rpartition(":")
    return {name: f"{settings.SMS['SCHEME']} {settings.SMS_TOKEN}".strip()} if where == "header" else {}


def _target(url: str, key: UUID | None = None) -> str:
    where = urlsplit(url)
    target = f"{where.path or '/'}?{where.query}" if where.query else where.path or "/"
    return target.replace("{key}", quote(str(key)))


def _number(address: str) -> str:
    digits = address.removeprefix("+")
    forms = {"digits": digits, "local": re.sub(r"^62", "0", digits)}
    return forms.get(settings.SMS["NUMBER"], address)


def outcome_of(said: Answer) -> Outcome:
    """Judge an answer: a known reason first, then the status that it names, then the status of HTTP."""
    told, names = parsed(said.body), settings.SMS
    status, name = word_of(dug(told, names["STATUS"])), id_of(dug(told, names["ID"]))
    words = text_of(dug(told, names["REASON"]))
    if said.is_taken and status not in REFUSED and (status in TAKEN or name):
        return Outcome(MessageState.ACCEPTED, provider_id=name)
    if fault := fault_of(words):
        return Outcome(MessageState.FAILED, harmless(words), code=harmless(words)[:20], fault=fault)
    if said.is_taken and status in REFUSED:
        return Outcome(MessageState.FAILED, harmless(words), code=status[:20], fault=Fault.LETTER)
    return outcome_of_status(said, words)


def fault_of(words: str) -> Fault | None:
    """Tell what follows from a gateway's reason, by the words that the settings name."""
    for fault in (Fault.STOP, Fault.ADDRESS, Fault.LATER):
        known = (re.escape(word.strip()) for word in settings.SMS[fault.name].split(",") if word.strip())
        if re.search(rf"\b({'|'.join(known) or '(?!)'})\b", words, re.IGNORECASE):
            return fault
    return None


def found_in(said: Answer) -> Outcome | None:
    """Judge the answer to a question; None when it does not say."""
    if said.status == NOT_THERE:
        return LATER
    told = parsed(said.body)
    state = STATES.get(word_of(dug(told, settings.SMS["STATUS"])))
    if not said.is_taken or state is None:
        return None
    words = harmless(text_of(dug(told, settings.SMS["REASON"])))
    fault = (fault_of(words) or Fault.LETTER) if state == MessageState.FAILED else None
    return Outcome(state, words if fault else "", id_of(dug(told, settings.SMS["ID"])), fault=fault)
