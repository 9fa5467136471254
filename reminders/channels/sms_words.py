"""What an SMS gateway tells by webhook: reports on our letters, and texts that people sent back."""

import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl

from django.conf import settings

from reminders.channels.heard import Heard, Report, Said
from reminders.channels.reading import (
    SPOKEN,
    Fields,
    dug,
    fields_of,
    fingerprint,
    id_of,
    key_of,
    moment_of,
    number_of,
    parsed,
    text_of,
    word_of,
)
from reminders.channels.sms import STATES
from reminders.states import Channel

WINDOW: Final = 10 * 60  # seconds in which the same words without an id are the same text, brought again


def verify(headers: Mapping[str, str], query: Mapping[str, str]) -> bool:
    """Tell whether a webhook carries the token that was agreed; to be asked before anything in it is read."""
    where, _, name = settings.SMS["WEBHOOK_TOKEN_IN"].partition(":")
    told = headers.get(name, "").removeprefix("Bearer ") if where == "header" else query.get(name, "")
    token = settings.SMS_WEBHOOK_TOKEN
    return bool(token) and hmac.compare_digest(told.encode("utf-8", "replace"), token.encode())


def read_webhook(body: bytes, *, form: bool, at: datetime) -> Heard:
    """Read one request, JSON or a form, one thing or a list of them; what cannot be read is counted."""
    told = _form(body) if form else parsed(body)
    found = [_read(fields_of(each), at) for each in (told if isinstance(told, list) else [told])]
    reports = tuple(each for each in found if isinstance(each, Report))
    said = tuple(each for each in found if isinstance(each, Said))
    return Heard(reports, said, unread=found.count(None))


def _form(body: bytes) -> Fields | None:
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=100))
    except ValueError:
        return None


def _read(told: Fields, at: datetime) -> Report | Said | None:
    names = settings.SMS
    state = STATES.get(word_of(dug(told, names["STATUS"])))
    name = id_of(dug(told, names["ID"]))
    text = text_of(dug(told, names["WEBHOOK_TEXT"]), SPOKEN)
    sender = number_of(dug(told, names["WEBHOOK_FROM"]))
    moment = moment_of(told.get("timestamp") or told.get("at"), at=at)
    if text and sender:
        return Said(Channel.SMS, name or _unnamed(told, at), moment, sender=sender, text=text)
    if not name or state is None:
        return None
    return Report(
        Channel.SMS,
        name,
        state,
        moment,
        key=key_of(dug(told, names["WEBHOOK_KEY"])),
        recipient=number_of(dug(told, names["TO"])),
        code=text_of(dug(told, names["REASON"]), 20),
    )


def _unnamed(told: Fields, at: datetime) -> str:
    """Name a text that came without an id: the same again within minutes is the gateway's repetition."""
    return fingerprint([dict(told), int(at.timestamp()) // WINDOW])
