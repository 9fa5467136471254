"""Of sessions whose attendance nobody entered a day after they ended: to the coordinators of their program."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.urls import reverse

from briefings.looking import WITHDRAWN, Standing, claimed, notice_for, read, silent, spoken
from briefings.wishes import Scope, Telling, Wish
from common.dates import local_date, long_date
from programs.models import Program, Session
from programs.states import SessionState
from reminders.families import Claimed
from reminders.hours import out_of_quiet
from reminders.models import Message
from reminders.states import Kind, Reason

SESSION: Final = Session._meta.label_lower
PATIENCE: Final = timedelta(hours=24)
USEFUL: Final = timedelta(days=2)


def missing(at: datetime, scope: Scope) -> Iterable[Wish]:
    """Wish for one message to each coordinator 24 hours after the end, outside the night; of use for two days."""
    over = Session.objects.filter(
        state=SessionState.SCHEDULED,
        ends_at__lte=at - PATIENCE,
        ends_at__gt=at - PATIENCE - USEFUL,
        program__coordinators__is_active=True,
        **scope.terms(key="pk", user="program__coordinators"),
    )
    columns = ("pk", "revision", "ends_at", "zone", "program__coordinators")
    for row in over.order_by("pk").values_list(*columns):
        pk, revision, ends_at, zone, coordinator = row
        yield Wish(
            kind=Kind.SHEET_MISSING,
            subject=(SESSION, str(pk), str(revision)),
            user=coordinator,
            due_at=out_of_quiet(ends_at + PATIENCE, zone),
            expires_at=ends_at + PATIENCE + USEFUL,
        )


def looks(ids: Sequence[int], at: datetime) -> list[Claimed]:  # noqa: ARG001  a family is asked at a moment
    """Read messages about sheets that are missing; 4 queries."""
    messages = read(ids)
    sessions = Session.objects.select_related("module").in_bulk({int(message.subject_id) for message in messages})
    runs = Program.coordinators.through.objects.filter(program__sessions__in=sessions)
    hands = set(runs.values_list("user_id", "program_id"))
    standing = Standing(messages)
    return [_look(message, sessions[int(message.subject_id)], hands, standing) for message in messages]


def _look(message: Message, session: Session, hands: set[tuple[int, int]], standing: Standing) -> Claimed:
    open_yet = session.state == SessionState.SCHEDULED and message.subject_revision == str(session.revision)
    holds = open_yet and (message.user_id, session.program_id) in hands
    objection = standing.objection(message) or (None if holds else (WITHDRAWN, Reason.DONE))
    if message.user is None:
        return silent(message, objection, zone=session.zone)
    with spoken(message.user):
        values = {"title": session.title, "day": long_date(local_date(session.starts_at, session.zone))}
        notice = notice_for(message.user, message.kind, reverse("session-attendance", args=[session.pk]), values)
    return claimed(message, zone=session.zone, objection=objection, notice=notice)


TELLINGS = (Telling(Kind.SHEET_MISSING, SESSION, missing),)
