"""Somebody writes: small worlds for tests of replies, from the word that came in to the text that left."""

from datetime import datetime
from itertools import count
from typing import Any

from common.models import Event
from reminders.channels.heard import Said
from reminders.models import LoggedText, Message
from reminders.states import Channel
from replies.answering import answer_new
from replies.hearing import hear_said
from replies.models import Reply
from tests.reminders.worlds import send
from villages.models import ContactPoint

_ids = count(1)


def said(point: ContactPoint | str, text: str = "", *, at: datetime, **columns: Any) -> Said:
    """Write as a gateway tells it."""
    sender = point if isinstance(point, str) else point.number
    return Said(
        **{
            "channel": Channel.LOG,
            "event_id": f"word-{next(_ids)}",
            "at": at,
            "sender": sender,
            "text": text,
            **columns,
        }
    )


def hear(point: ContactPoint | str, text: str = "", *, at: datetime, **columns: Any) -> Reply:
    """Let somebody write, and keep it unread."""
    word = said(point, text, at=at, **columns)
    hear_said([word], at=at)
    return Reply.objects.get(channel=word.channel, event_id=word.event_id)


def write(point: ContactPoint | str, text: str = "", *, at: datetime, **columns: Any) -> Reply:
    """Let somebody write, and have it read and answered."""
    reply = hear(point, text, at=at, **columns)
    answer_new(at=at)
    reply.refresh_from_db()
    return reply


def converse(point: ContactPoint | str, text: str = "", *, at: datetime, **columns: Any) -> tuple[Reply, list[str]]:
    """Let somebody write, run one tick, and read what left because of it."""
    reply = hear(point, text, at=at, **columns)
    before = set(LoggedText.objects.values_list("key", flat=True))
    send(at)
    reply.refresh_from_db()
    left = LoggedText.objects.exclude(key__in=before).order_by("at", "key")
    return reply, list(left.values_list("text", flat=True))


def planned(reply: Reply) -> Message:
    """Find the answer to a reply."""
    return Message.objects.get(subject_type="replies.reply", subject_id=str(reply.pk))


def verbs(label: str) -> list[str]:
    """List what happened to rows of one kind, in order."""
    return list(Event.objects.filter(subject_type=label).order_by("pk").values_list("verb", flat=True))
