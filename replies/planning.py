"""Our answers are messages of the outbox like all others: planned here, looked at and put into words as they leave."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import models

from common.doorbell import ring
from common.models import Event
from reminders.models import Message
from reminders.states import Kind, MessageState, Reason
from replies.models import Answer, Reply
from replies.states import Intent
from villages.models import ContactPoint
from villages.states import REACHABLE

REPLY, ANSWER = "replies.reply", "replies.answer"
USEFUL: Final = timedelta(hours=24)
WELCOME: Final = "welcome"
MOST_A_DAY: Final = 20  # automatic answers to one number: two machines must not talk for ever


def plan_answer(
    subject: Reply | Answer,
    point: ContactPoint,
    *,
    at: datetime,
    people: Iterable[int] = (),
    revision: str = "",
    expires_at: datetime | None = None,
) -> None:
    """Plan one text, once; it leaves at any hour, because they wrote to us."""
    message, new = Message.objects.get_or_create(
        kind=Kind.REPLY,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject_revision=revision,
        contact_point=point,
        defaults={"due_at": at, "expires_at": expires_at or at + USEFUL},
    )
    if new:
        message.people.set(people)
        ring()


def answered_lately(point: ContactPoint, *, at: datetime) -> bool:
    """Say whether a person is talking with this number, or a line that asks for a keyword went there within a day."""
    lately = Message.objects.filter(contact_point=point, kind=Kind.REPLY, due_at__gt=at - USEFUL)
    if lately.filter(subject_type=ANSWER).exists():
        return True
    keys = [int(key) for key in lately.filter(subject_type=REPLY).values_list("subject_id", flat=True)]
    return Reply.objects.filter(pk__in=keys, intent=Intent.FREE).exists()


def worn_out(point: ContactPoint, *, at: datetime) -> bool:
    """Say whether this number had as many automatic answers today as one may have."""
    today = Message.objects.filter(contact_point=point, kind=Kind.REPLY, subject_type=REPLY, due_at__gt=at - USEFUL)
    return today.count() >= MOST_A_DAY


def withhold(point: models.Model, event: Event) -> None:
    """Take back answers that have not begun to leave, of a number that asked for silence or is a stranger's.

    An answer is not kept for later, as other messages are.
    """
    if event.goal not in REACHABLE:
        waiting = Message.objects.not_begun().filter(contact_point=point.pk, kind=Kind.REPLY)
        waiting.update(state=MessageState.SUPERSEDED, note=Reason.UNREACHABLE, lease_until=None)
