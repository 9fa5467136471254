"""A claim is returned, verified, approved, paid and closed by hands that are not one; or it is taken off."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.dates import local_date
from common.errors import Refused
from common.models import Event
from exports.actions.advancing import advance, enter
from exports.actions.holding import hold_budget, hold_unit
from exports.actions.saying import clean, refuse_later
from exports.limits import limits_of
from exports.models import SubsidyClaim
from exports.states import CLAIM_MOVES, ClaimState, EntryKind


@transaction.atomic
def return_claim(claim: SubsidyClaim, *, comment: str, by: User, at: datetime) -> None:
    """Give it back to who handed it in, and say what to put right."""
    CLAIM_MOVES.check(claim.state, ClaimState.RETURNED)
    said = _comment(comment)
    hold_unit(claim.business_unit_id)
    advance(claim, ClaimState.RETURNED, verb="returned", by=by, at=at, comment=said)


@transaction.atomic
def verify_claim(claim: SubsidyClaim, *, by: User, at: datetime) -> None:
    """Say that the papers show what is claimed; by another hand than the one that handed it in."""
    CLAIM_MOVES.check(claim.state, ClaimState.VERIFIED)
    if by.pk in _requesters(claim):
        raise Refused(_("Who handed a claim in does not verify it; ask a colleague."))
    hold_unit(claim.business_unit_id)
    advance(claim, ClaimState.VERIFIED, verb="verified", by=by, at=at, verified_at=at, verified_by=by)


@transaction.atomic
def approve_claim(claim: SubsidyClaim, *, by: User, at: datetime, amount: Decimal | None = None) -> None:
    """Commit money to it, all that was asked for or less, within what is left of every bound."""
    CLAIM_MOVES.check(claim.state, ClaimState.APPROVED)
    if by.pk in _requesters(claim):
        raise Refused(_("Who handed a claim in does not approve it; ask a colleague."))
    given = _amount(claim, amount)
    hold_unit(claim.business_unit_id)
    hold_budget(claim.program_id)
    if refusal := limits_of(claim).refusal(given):
        raise Refused(refusal)
    hand: dict[str, Any] = {"approved_at": at, "approved_by": by, "approved_amount": given}
    advance(claim, ClaimState.APPROVED, verb="approved", by=by, at=at, **hand)
    enter(claim, EntryKind.COMMITTED, by=by, at=at)


@transaction.atomic
def pay_claim(claim: SubsidyClaim, *, paid_on: date, payment_reference: str, by: User, at: datetime) -> None:
    """Write down that it was paid, on which day and under which reference; by a third hand."""
    CLAIM_MOVES.check(claim.state, ClaimState.PAID)
    if by.pk in _requesters(claim) | {claim.verified_by_id, claim.approved_by_id}:
        raise Refused(_("Who pays has not handed in, verified or approved the same claim."))
    reference = clean(SubsidyClaim, "payment_reference", payment_reference)
    _check_payday(claim, paid_on, at=at)
    hold_unit(claim.business_unit_id)
    hand: dict[str, Any] = {"paid_at": at, "paid_by": by, "paid_on": paid_on, "payment_reference": reference}
    advance(claim, ClaimState.PAID, verb="paid", by=by, at=at, **hand)
    enter(claim, EntryKind.SPENT, by=by, at=at)


@transaction.atomic
def close_claim(claim: SubsidyClaim, *, by: User, at: datetime) -> None:
    """Close the file of a paid claim."""
    CLAIM_MOVES.check(claim.state, ClaimState.CLOSED)
    hold_unit(claim.business_unit_id)
    advance(claim, ClaimState.CLOSED, verb="closed", by=by, at=at, closed_at=at, closed_by=by)


@transaction.atomic
def reject_claim(claim: SubsidyClaim, *, comment: str, by: User, at: datetime) -> None:
    """Refuse it for good, and say why; its waybill, its documents and its money are free again."""
    _take_off(claim, ClaimState.REJECTED, verb="rejected", comment=comment, by=by, at=at)


@transaction.atomic
def cancel_claim(claim: SubsidyClaim, *, comment: str, by: User, at: datetime) -> None:
    """Take it back, and say why; its waybill, its documents and its money are free again."""
    _take_off(claim, ClaimState.CANCELLED, verb="cancelled", comment=comment, by=by, at=at)


def _take_off(claim: SubsidyClaim, goal: ClaimState, *, verb: str, comment: str, by: User, at: datetime) -> None:
    CLAIM_MOVES.check(claim.state, goal)
    said, committed = _comment(comment), claim.state == ClaimState.APPROVED
    hold_unit(claim.business_unit_id)
    advance(claim, goal, verb=verb, by=by, at=at, comment=said)
    claim.papers.update(live=False)
    if committed:
        enter(claim, EntryKind.RELEASED, by=by, at=at)


def _requesters(claim: SubsidyClaim) -> set[int | None]:
    """Name whoever handed it in, also before it was returned and handed in by another; 1 query."""
    handed_in = Event.objects.about(claim).filter(verb="submitted").order_by().values_list("by_id", flat=True)
    return {claim.submitted_by_id, *handed_in}


def _comment(comment: str) -> str:
    return str(clean(SubsidyClaim, "comment", comment))


def _amount(claim: SubsidyClaim, amount: Decimal | None) -> Decimal:
    """Take what is approved: no more than was asked for."""
    if amount is None:
        return Decimal(claim.requested)
    try:
        given = Decimal(str(clean(SubsidyClaim, "requested", amount)))
    except ValidationError as error:
        raise ValidationError({"amount": error.messages}) from None
    if not 0 < given <= claim.requested:
        raise ValidationError({"amount": _("What is approved is more than nothing and no more than was asked for.")})
    return given


def _check_payday(claim: SubsidyClaim, paid_on: date, *, at: datetime) -> None:
    refuse_later("paid_on", paid_on, claim.business_unit, at=at)
    approved_at = claim.approved_at or at
    if paid_on < local_date(approved_at, claim.business_unit.region.zone):
        raise ValidationError({"paid_on": _("A claim is paid after it was approved.")})
