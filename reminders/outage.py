"""What is told after a time in which nothing could be sent: one message to each coordinator whose people it hit."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, F
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from common.dates import at_clock, local_date, short_date
from common.events import record
from common.zones import Zone
from reminders.families import Claimed
from reminders.hours import out_of_quiet
from reminders.judging import Look
from reminders.models import Message, Outage
from reminders.recipients import points_of_users
from reminders.states import Channel, Kind, MessageState, Reason
from reminders.topics import LANGUAGE, Notice
from villages.models import ContactPoint

SUBJECT = "reminders.outage"
PATIENCE = timedelta(minutes=30)  # for what is still useful to leave, before what was missed is counted
LONGEST_USE = timedelta(days=7)  # what fell due earlier waited for something else
TOLD_FOR = timedelta(days=3)
PAGE = "/messages/?state=expired"
COUNTS = ("messages", "people", "sessions")
ZONE = Zone.WIB  # of the staff, who have no village of their own


def close_outages(*, at: datetime) -> None:
    """Count what was missed in each outage that is over, as soon as its backlog has left, and tell it once."""
    for outage in Outage.objects.filter(missed__isnull=True).order_by("pk"):
        if at >= outage.ended_at + PATIENCE or not _backlog(outage).exists():
            _close(outage, at=at)


def missed_in(outage: Outage) -> models.QuerySet[Message]:
    """Match what was to leave during an outage and was of no use afterwards."""
    late = Message.objects.filter(state=MessageState.EXPIRED, note=Reason.TOO_LATE, due_at__lt=F("expires_at"))
    due = (outage.began_at - LONGEST_USE, outage.ended_at)
    return late.filter(due_at__range=due, expires_at__gt=outage.began_at)


def looks(ids: Sequence[int], at: datetime) -> list[Claimed]:  # noqa: ARG001  nothing about an outage changes with time
    """Read messages about outages, for the last look and the words."""
    messages = Message.objects.filter(pk__in=ids).select_related("contact_point__link", "user", "joined_to")
    outages = {
        str(outage.pk): outage for outage in Outage.objects.filter(pk__in=[each.subject_id for each in messages])
    }
    tolls = {pk: _tolls(outage) for pk, outage in outages.items()}
    return [
        _claimed(message, outages[message.subject_id], tolls[message.subject_id].get(message.user_id, {}))
        for message in messages.order_by("pk")
    ]


def _backlog(outage: Outage) -> models.QuerySet[Message]:
    """Match what fell due by the end of an outage and has not left yet."""
    waiting = Message.objects.filter(state__in=(MessageState.PLANNED, MessageState.CLAIMED))
    return waiting.filter(due_at__lte=outage.ended_at).exclude(channel=Channel.MANUAL)


@transaction.atomic
def _close(outage: Outage, *, at: datetime) -> None:
    """Write down how many were missed, and plan who is told; of several who come here, one does."""
    missed = missed_in(outage).count()
    if not Outage.objects.filter(pk=outage.pk, missed__isnull=True).update(missed=missed):
        return
    record(outage, verb="closed", by=None, at=at, missed=missed)
    concerned = User.objects.filter(pk__in=_tolls(outage), is_active=True).order_by("pk").values_list("pk", flat=True)
    points, due_at = points_of_users(list(concerned)), out_of_quiet(at, ZONE)
    messages = [_message(outage, user, point, due_at=due_at) for user, point in points.items()]
    Message.objects.bulk_create(messages, ignore_conflicts=True)


def _tolls(outage: Outage) -> dict[int | None, dict[str, int]]:
    """Count, for each coordinator, the messages of their programs that were missed, their people and sessions."""
    by_coordinator = missed_in(outage).values(user_of=F("session__program__coordinators"))
    counted = by_coordinator.annotate(
        messages=Count("pk", distinct=True),
        people=Count("people", distinct=True),
        sessions=Count("session", distinct=True),
    )
    found = counted.filter(user_of__isnull=False).order_by().values_list("user_of", *COUNTS)
    return {user: dict(zip(COUNTS, counts, strict=True)) for user, *counts in found}


def _message(outage: Outage, user: int, point: ContactPoint, *, due_at: datetime) -> Message:
    return Message(
        key=uuid4(),
        kind=Kind.OUTAGE,
        contact_point=point,
        user_id=user,
        subject_type=SUBJECT,
        subject_id=str(outage.pk),
        due_at=due_at,
        expires_at=due_at + TOLD_FOR,
    )


def _claimed(message: Message, outage: Outage, toll: Mapping[str, int]) -> Claimed:
    user = message.user
    look = Look(
        kind=Kind.OUTAGE,
        due_at=message.due_at,
        expires_at=message.expires_at,
        zone=ZONE,
        objection=None if user and user.is_active else (MessageState.SUPERSEDED, Reason.DONE),
        reachable=message.contact_point.is_reachable,
    )
    language = user.language if user else LANGUAGE
    with translation.override(language):
        values = {
            "hello": user.name if user else "",
            "count": str(toll.get("messages", 0)),
            "what": _said(outage, toll),
        }
    return Claimed(message, look, Notice(Kind.OUTAGE, values, language, link=f"{settings.BASE_URL}{PAGE}"))


def _said(outage: Outage, toll: Mapping[str, int]) -> str:
    """Say when nothing left, and whom it hit."""
    return _("From %(began)s to %(ended)s nothing could be sent: %(people)s people, %(sessions)s sessions.") % {
        "began": _moment(outage.began_at),
        "ended": _moment(outage.ended_at),
        "people": toll.get("people", 0),
        "sessions": toll.get("sessions", 0),
    }


def _moment(at: datetime) -> str:
    return f"{short_date(local_date(at, ZONE))} {at_clock(at, ZONE)}"
