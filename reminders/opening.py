"""Sending by hand: a human opens what waits for one number. A claim with a last look, like any sender's."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import Refused
from common.events import record
from reminders.channels.gateway import Wording
from reminders.families import Claimed, look_at
from reminders.judging import GO, Verdict, judge
from reminders.models import DeliveryEvent, Message
from reminders.states import URGENT, Channel, MessageState, Reason
from reminders.wording import write
from villages.models import ContactPoint


@dataclass(frozen=True)
class Opened:
    """One text that a human now sends; and what was put aside because it may not leave now."""

    messages: tuple[Message, ...] = ()  # the first of them carries the text
    wording: Wording | None = None
    aside: tuple[Message, ...] = ()


@transaction.atomic
def open_by_hand(contact_point: ContactPoint, *, by: User, at: datetime) -> Opened:
    """Take what waits for a number, look at it once more, and give its text; of two hands the slower one is told.

    A change or a cancellation goes alone and first, as when a sender sends it.
    """
    waiting = _hold(contact_point, by=by, at=at)
    if not waiting:
        raise Refused(_("Somebody else opened this a moment ago, or it no longer has to be told."))
    judged = [(each, judge(each.look, at=at)) for each in look_at(waiting, at=at)]
    aside = _put_aside([(each.message, verdict) for each, verdict in judged if verdict is not GO])
    group = _first_letter([each for each, verdict in judged if verdict is GO])
    if not group:
        return Opened(aside=aside)
    wording = write([each.topic for each in group], channel=Channel.MANUAL, point=contact_point)
    messages = tuple(each.message for each in group)
    _hand_over(messages, wording.text, by=by, at=at)
    return Opened(messages, wording, aside)


def waiting_by_hand(user: User, *, at: datetime) -> models.QuerySet[Message]:
    """Keep what waits for a hand and is due, of what this user sees."""
    mine = Message.objects.visible_to(user).filter(state=MessageState.PLANNED, channel=Channel.MANUAL)
    return mine.filter(due_at__lte=at, expires_at__gt=at)


def wording_of(message: Message, *, at: datetime) -> Wording:
    """Give the text of a message that was opened, with its link."""
    carried = [message.pk, *message.joined.values_list("pk", flat=True)]
    topics = [each.topic for each in look_at(carried, at=at)]
    wording = write(topics, channel=Channel.MANUAL, point=message.contact_point)
    return replace(wording, text=message.text or wording.text)


def _hold(contact_point: ContactPoint, *, by: User, at: datetime) -> list[int]:
    """Lock the number, then what waits for it; whoever comes second finds nothing."""
    ContactPoint.objects.select_for_update(no_key=True).get(pk=contact_point.pk)
    held = waiting_by_hand(by, at=at).select_for_update(of=("self",)).filter(contact_point=contact_point)
    return list(held.order_by("pk").values_list("pk", flat=True))


def _first_letter(going: Sequence[Claimed]) -> list[Claimed]:
    """Choose what one text says: the first urgent notice alone, else everything together."""
    ordered = sorted(going, key=lambda each: (each.look.due_at, each.message.pk))
    urgent = [each for each in ordered if each.look.kind in URGENT]
    return urgent[:1] or ordered


def _hand_over(messages: Sequence[Message], text: str, *, by: User, at: datetime) -> None:
    """Write down that a text is on its way by hand: from now on it may have arrived."""
    first, *joined = messages
    for message in messages:
        message.state, message.note = MessageState.ACCEPTED, Reason.OPENED
        message.text, message.begun_at, message.settled_at = text, at, at
        message.attempt, message.joined_to, message.units = message.attempt + 1, None, 0
    for message in joined:
        message.state, message.joined_to = MessageState.JOINED, first
    columns = ["state", "note", "text", "begun_at", "settled_at", "attempt", "joined_to", "units"]
    Message.objects.bulk_update(messages, columns)
    words = (DeliveryEvent(message=each, state=each.state, at=at, note=Reason.OPENED) for each in messages)
    DeliveryEvent.objects.bulk_create(words, ignore_conflicts=True)
    for message in messages:
        record(message, verb="opened_by_hand", by=by, at=at, contact_point=message.contact_point_id)


def _put_aside(verdicts: Sequence[tuple[Message, Verdict]]) -> tuple[Message, ...]:
    """Withdraw what no longer holds, and put off what has to wait."""
    for message, verdict in verdicts:
        message.state, message.note = verdict.state, verdict.note
        message.due_at = verdict.due_at or message.due_at
    aside = tuple(message for message, _verdict in verdicts)
    Message.objects.bulk_update(aside, ["state", "note", "due_at"])
    return aside
