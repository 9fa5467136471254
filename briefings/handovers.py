"""Of handovers: that one waits for a hand, to whose it is; that both have signed, to who prepared it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.urls import reverse

from briefings.looking import WITHDRAWN, Standing, claimed, notice_for, read, silent, spoken
from briefings.wishes import Scope, Telling, Wish
from common.dates import local_date, long_date
from mentoring.models import Handover
from mentoring.states import HandoverState, Side
from reminders.families import Claimed
from reminders.hours import out_of_quiet
from reminders.models import Message
from reminders.states import Kind, Reason

HANDOVER: Final = Handover._meta.label_lower
USEFUL: Final = timedelta(days=14)
FIRST: Final = "1"


def waiting(at: datetime, scope: Scope) -> Iterable[Wish]:
    """Wish for one word to each whose hand is missing; to who signed an earlier text, one more for each new text."""
    about = Scope(keys=scope.keys).terms(key="pk", user="")  # whose hand is missing is seen row by row
    rows = Handover.objects.waiting().filter(written_at__gt=at - USEFUL, **about)
    along = rows.select_related("giver", "taker", "village__region").prefetch_related("signatures")
    for handover in along.order_by("pk"):
        for user, revision, since in _missing(handover):
            if scope.users is None or user in scope.users:
                yield Wish(
                    kind=Kind.HANDOVER,
                    subject=(HANDOVER, str(handover.pk), revision),
                    user=user,
                    due_at=out_of_quiet(since, handover.village.zone),
                    expires_at=since + USEFUL,
                )


def _missing(handover: Handover) -> Iterator[tuple[int, str, datetime]]:
    """Name who has to sign, what they are told of, and since when."""
    for side, user in ((Side.GIVER, handover.giver), (Side.TAKER, handover.taker)):
        signed = {row.version for row in handover.signatures.all() if row.side == side}
        if not user.is_active or handover.version in signed:
            continue
        if signed:
            yield user.pk, str(handover.version), handover.written_at
        else:
            yield user.pk, FIRST, handover.prepared_at


def signed(at: datetime, scope: Scope) -> Iterable[Wish]:
    """Wish for one word to who prepared it, when both have signed; of use for two weeks."""
    rows = Handover.objects.filter(
        state=HandoverState.SIGNED,
        signed_at__gt=at - USEFUL,
        prepared_by__is_active=True,
        **scope.terms(key="pk", user="prepared_by"),
    )
    for handover in rows.select_related("village__region").order_by("pk"):
        if handover.signed_at is not None:
            yield Wish(
                kind=Kind.HANDOVER_SIGNED,
                subject=(HANDOVER, str(handover.pk), str(handover.version)),
                user=handover.prepared_by_id,
                due_at=out_of_quiet(handover.signed_at, handover.village.zone),
                expires_at=handover.signed_at + USEFUL,
            )


def looks(ids: Sequence[int], at: datetime) -> list[Claimed]:  # noqa: ARG001  a family is asked at a moment
    """Read messages about handovers; 4 queries."""
    messages = read(ids)
    rows = Handover.objects.select_related("village__region", "giver", "taker").prefetch_related("signatures")
    handovers = rows.in_bulk({int(message.subject_id) for message in messages})
    standing = Standing(messages)
    return [_look(message, handovers[int(message.subject_id)], standing) for message in messages]


def _look(message: Message, handover: Handover, standing: Standing) -> Claimed:
    zone = handover.village.zone
    objection = standing.objection(message) or (None if _holds(message, handover) else (WITHDRAWN, Reason.DONE))
    if message.user is None:
        return silent(message, objection, zone=zone)
    with spoken(message.user):
        day = {"day": long_date(local_date(handover.signed_at, zone))} if handover.signed_at else {}
        values = {"village": handover.village.name, **day}
        notice = notice_for(message.user, message.kind, reverse("handover-detail", args=[handover.pk]), values)
    return claimed(message, zone=zone, objection=objection, notice=notice)


def _holds(message: Message, handover: Handover) -> bool:
    """Tell whether that is still so: this hand is missing, or both are there."""
    if message.kind == Kind.HANDOVER_SIGNED:
        return handover.state == HandoverState.SIGNED and handover.prepared_by_id == message.user_id
    missing = {(user, revision) for user, revision, _since in _missing(handover)}
    return handover.state == HandoverState.PREPARED and (message.user_id, message.subject_revision) in missing


TELLINGS = (Telling(Kind.HANDOVER, HANDOVER, waiting), Telling(Kind.HANDOVER_SIGNED, HANDOVER, signed))
