"""What Meta tells by webhook: reports on our letters, what people wrote, and the standing of our templates."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final

from reminders.channels.heard import Heard, Report, Said, TemplateWord
from reminders.channels.reading import (
    SPOKEN,
    Fields,
    fields_of,
    fingerprint,
    id_of,
    international,
    items_of,
    key_of,
    moment_of,
    parsed,
    text_of,
)
from reminders.states import Channel, MessageState

STATES: Final = {
    "sent": MessageState.SENT,
    "delivered": MessageState.DELIVERED,
    "read": MessageState.READ,
    "played": MessageState.READ,
    "failed": MessageState.FAILED,
}


def read_webhook(body: bytes, *, at: datetime) -> Heard:
    """Read one request whose signature holds; what cannot be read is left out and counted, never an error."""
    told = parsed(body)
    changes = [fields_of(each) for entry in items_of(fields_of(told).get("entry")) for each in _changes(entry)]
    found = [thing for change in changes for thing in _read(change, at)]
    return Heard(
        tuple(each for each in found if isinstance(each, Report)),
        tuple(each for each in found if isinstance(each, Said)),
        tuple(each for each in found if isinstance(each, TemplateWord)),
        unread=found.count(None) + (not isinstance(told, dict)),
    )


def _changes(entry: object) -> Iterator[Any]:
    return items_of(fields_of(entry).get("changes"))


Thing = Report | Said | TemplateWord | None


def _read(change: Fields, at: datetime) -> Iterator[Thing]:
    value = fields_of(change.get("value"))
    read = _TOLD.get(text_of(change.get("field")))
    if read:
        yield from read(value, at)


def _messages(value: Fields, at: datetime) -> Iterator[Thing]:
    contacts = [fields_of(each) for each in items_of(value.get("contacts"))]
    yield from (_report(fields_of(each), at) for each in items_of(value.get("statuses")))
    yield from (_said(each, contacts, at) for each in items_of(value.get("messages")))


def _report(status: Fields, at: datetime) -> Report | None:
    name, state = id_of(status.get("id")), STATES.get(text_of(status.get("status")))
    if not name or state is None:
        return None
    pricing = fields_of(status.get("pricing"))
    error = fields_of(next(items_of(status.get("errors")), None))
    billable = pricing.get("billable")
    return Report(
        Channel.WHATSAPP,
        name,
        state,
        moment_of(status.get("timestamp"), at=at),
        key=key_of(status.get("biz_opaque_callback_data")),
        recipient=international(status.get("recipient_id")),
        code=text_of(error.get("code"), 20),
        billable=billable if isinstance(billable, bool) else None,
        category=text_of(pricing.get("category"), 20),
    )


def _said(message: object, contacts: list[Fields], at: datetime) -> Said | None:
    told = fields_of(message)
    if not told:
        return None
    sender = international(told.get("from"))
    text, payload = _words(told)
    return Said(
        Channel.WHATSAPP,
        id_of(told.get("id")) or fingerprint(message),
        moment_of(told.get("timestamp"), at=at),
        sender=sender,
        user_id=text_of(told.get("from_user_id") or told.get("user_id"), 120) or _person(sender, contacts),
        text=text,
        payload=payload,
        context=id_of(fields_of(told.get("context")).get("id")),
    )


def _person(sender: str, contacts: list[Fields]) -> str:
    """Find who wrote among the people named beside the messages; the only one, when the number is not told."""
    same = [each for each in contacts if international(each.get("wa_id")) == sender]
    return text_of(same[0].get("user_id"), 120) if len(same) == 1 or (sender and same) else ""


def _words(told: Fields) -> tuple[str, str]:
    """Give the text and what a button sent; any other kind is named, with whatever words it carries."""
    kind = text_of(told.get("type"), 40)
    part = fields_of(told.get(kind))
    if kind == "text":
        return text_of(part.get("body"), SPOKEN), ""
    if kind == "button":
        return text_of(part.get("text"), SPOKEN), text_of(part.get("payload"), 256)
    if kind == "interactive":
        chosen = fields_of(part.get("button_reply")) or fields_of(part.get("list_reply"))
        return text_of(chosen.get("title"), SPOKEN), text_of(chosen.get("id"), 256)
    words = part.get("caption") or part.get("emoji") or part.get("name")
    return f"[{kind or '?'}] {text_of(words, SPOKEN - 50)}".strip(), ""


def _standing(value: Fields, _at: datetime) -> Iterator[Thing]:
    name = id_of(value.get("message_template_name"))
    if not name:
        yield None
        return
    yield TemplateWord(
        Channel.WHATSAPP,
        name,
        text_of(value.get("message_template_language"), 10),
        state=text_of(value.get("event"), 30).lower(),
        category=text_of(value.get("new_category") or value.get("message_template_category"), 20).lower(),
        reason=text_of(value.get("reason")).removeprefix("NONE"),
    )


_TOLD: Final[dict[str, Callable[[Fields, datetime], Iterator[Thing]]]] = {
    "messages": _messages,
    "message_template_status_update": _standing,
    "template_category_update": _standing,
}
