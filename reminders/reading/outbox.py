"""The outbox in a few numbers, and the words of what is still to come."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Count
from django.utils.functional import Promise

from reminders.families import look_at
from reminders.models import Message
from reminders.states import TOLD, TROUBLE, WAITING, Reason
from reminders.wording import write


@dataclass(frozen=True)
class Summary:
    """How many messages are in which state."""

    waiting: int
    told: int
    trouble: int


def summary_of(messages: models.QuerySet[Message]) -> Summary:
    """Count messages by what they mean to a coordinator; one query."""
    counts = dict(messages.order_by().values_list("state").annotate(n=Count("pk")))
    return Summary(*(sum(counts.get(state, 0) for state in states) for states in (WAITING, TOLD, TROUBLE)))


def reason_of(message: Message) -> str | Promise:
    """Say in words why a message is where it is; a gateway's own words stay as they are."""
    return Reason(message.note).label if message.note in Reason.values else message.note


def words_of(message: Message, *, at: datetime) -> str:
    """Write what a message would say if it left now, with the marker where the link goes."""
    topics = [claimed.topic for claimed in look_at([message.pk], at=at)]
    return write(topics, channel=message.channel or settings.MESSAGE_CHANNELS[0], point=message.contact_point).text
