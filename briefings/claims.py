"""Of claims: that one waits to be verified or paid, to whose hand it is; what became of it, to who handed it in."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db.models import F, Q
from django.urls import reverse

from briefings.looking import WITHDRAWN, Standing, claimed, notice_for, read, silent, spoken
from briefings.wishes import Scope, Telling, Wish
from common.dates import long_date
from common.numbers import rupiah
from exports.models import SubsidyClaim
from exports.states import DELIVERED, ClaimState
from programs.models import Program
from reminders.families import Claimed
from reminders.hours import out_of_quiet
from reminders.models import Message
from reminders.states import Kind, Reason

CLAIM: Final = SubsidyClaim._meta.label_lower
USEFUL: Final = timedelta(days=7)
COORDINATORS, PAYERS, REQUESTER = "program__coordinators", "program__finance_officers", "submitted_by"


@dataclass(frozen=True)
class News:
    """What is told while a claim is in some states: to whom, since when, and who is spared as it is their own act."""

    states: tuple[ClaimState, ...]
    path: str
    since: str = "moved_at"
    spared: tuple[str, ...] = ("submitted_by",)


NEWS: Final[dict[Kind, News]] = {
    Kind.CLAIM_SUBMITTED: News((ClaimState.SUBMITTED,), COORDINATORS),
    Kind.CLAIM_APPROVED: News((ClaimState.APPROVED,), PAYERS, spared=("submitted_by", "verified_by", "approved_by")),
    Kind.CLAIM_RETURNED: News((ClaimState.RETURNED,), REQUESTER, spared=()),
    Kind.CLAIM_REJECTED: News((ClaimState.REJECTED,), REQUESTER, spared=()),
    Kind.CLAIM_PAID: News(DELIVERED, REQUESTER, since="paid_at", spared=("paid_by",)),
}


def wishes_of(kind: Kind) -> Callable[[datetime, Scope], Iterable[Wish]]:
    """Wish for one word to each whom the news is for, at once, outside the night; of use for a week."""
    news = NEWS[kind]

    def wishes(at: datetime, scope: Scope) -> Iterable[Wish]:
        rows = SubsidyClaim.objects.filter(
            state__in=news.states,
            **{f"{news.since}__gt": at - USEFUL, f"{news.path}__is_active": True},
            **scope.terms(key="pk", user=news.path),
        ).annotate(reader=F(news.path))
        for hand in news.spared:
            rows = rows.filter(Q(**{f"{hand}__isnull": True}) | ~Q(**{hand: F("reader")}))
        columns = ("pk", "reader", news.since, "business_unit__region__zone")
        for pk, reader, since, zone in rows.order_by("pk", "reader").values_list(*columns):
            yield Wish(
                kind=kind,
                subject=(CLAIM, str(pk), as_moved(since)),
                user=reader,
                due_at=out_of_quiet(since, zone),
                expires_at=since + USEFUL,
            )

    return wishes


def as_moved(since: datetime) -> str:
    """Name a claim as it stands: by the moment since when it does, so that one handed in again is told again."""
    return since.astimezone(UTC).isoformat(timespec="microseconds")


def looks(ids: Sequence[int], at: datetime) -> list[Claimed]:  # noqa: ARG001  a family is asked at a moment
    """Read messages about claims; 5 queries."""
    messages = read(ids)
    rows = SubsidyClaim.objects.select_related("business_unit__region")
    claims = rows.in_bulk({int(message.subject_id) for message in messages})
    hands = _hands(claims)
    standing = Standing(messages)
    return [_look(message, claims[int(message.subject_id)], hands, standing) for message in messages]


def _hands(claims: dict[int, SubsidyClaim]) -> dict[str, set[tuple[int, int]]]:
    """Pair staff with the programs that they run, and with those that they pay."""
    programs = {claim.program_id for claim in claims.values()}
    through: dict[str, Any] = {
        COORDINATORS: Program.coordinators.through.objects,
        PAYERS: Program.finance_officers.through.objects,
    }
    return {
        path: set(rows.filter(program__in=programs).values_list("user_id", "program_id"))
        for path, rows in through.items()
    }


def _look(message: Message, claim: SubsidyClaim, hands: dict[str, set[tuple[int, int]]], standing: Standing) -> Claimed:
    zone = claim.business_unit.region.zone
    holds = _stands(message, claim) and _is_for(message, claim, hands)
    objection = standing.objection(message) or (None if holds else (WITHDRAWN, Reason.DONE))
    if message.user is None:
        return silent(message, objection, zone=zone)
    with spoken(message.user):
        amount = rupiah(claim.approved_amount or claim.requested)
        day = {"day": long_date(claim.paid_on)} if message.kind == Kind.CLAIM_PAID and claim.paid_on else {}
        values = {"unit": claim.business_unit.name, "amount": amount, **day}
        notice = notice_for(message.user, message.kind, reverse("claim-detail", args=[claim.pk]), values)
    return claimed(message, zone=zone, objection=objection, notice=notice)


def _stands(message: Message, claim: SubsidyClaim) -> bool:
    """Tell whether the claim is still as it was told of."""
    news = NEWS[Kind(message.kind)]
    since: datetime | None = getattr(claim, news.since)
    return claim.state in news.states and since is not None and message.subject_revision == as_moved(since)


def _is_for(message: Message, claim: SubsidyClaim, hands: dict[str, set[tuple[int, int]]]) -> bool:
    """Tell whether it is still theirs to know."""
    path = NEWS[Kind(message.kind)].path
    if path == REQUESTER:
        return claim.submitted_by_id == message.user_id
    return (message.user_id, claim.program_id) in hands[path]


TELLINGS = tuple(Telling(kind, CLAIM, wishes_of(kind)) for kind in NEWS)
