"""Whose hand a claim waits for: what one person may do with it now, and why not."""

from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.models import Event
from exports.models import SubsidyClaim
from exports.rules import Can
from exports.states import CLAIM_MOVES, WRITABLE, ClaimState


class Act(StrEnum):
    """What can be done with a claim, by the state it leads to."""

    SUBMIT = ClaimState.SUBMITTED.value
    VERIFY = ClaimState.VERIFIED.value
    APPROVE = ClaimState.APPROVED.value
    PAY = ClaimState.PAID.value
    CLOSE = ClaimState.CLOSED.value
    RETURN = ClaimState.RETURNED.value
    REJECT = ClaimState.REJECTED.value
    CANCEL = ClaimState.CANCELLED.value
    WRITE = "write"


ABILITIES: Final = {
    Act.SUBMIT: Can.WRITE_CLAIM,
    Act.VERIFY: Can.VERIFY_CLAIM,
    Act.APPROVE: Can.APPROVE_CLAIM,
    Act.PAY: Can.PAY_CLAIM,
    Act.CLOSE: Can.PAY_CLAIM,
    Act.RETURN: Can.VERIFY_CLAIM,
    Act.REJECT: Can.VERIFY_CLAIM,
    Act.CANCEL: Can.WRITE_CLAIM,
    Act.WRITE: Can.WRITE_CLAIM,
}
NEXT: Final = {
    ClaimState.DRAFT: Act.SUBMIT,
    ClaimState.RETURNED: Act.SUBMIT,
    ClaimState.SUBMITTED: Act.VERIFY,
    ClaimState.VERIFIED: Act.APPROVE,
    ClaimState.APPROVED: Act.PAY,
    ClaimState.PAID: Act.CLOSE,
}
OWN: Final[dict[Act, Promise]] = {
    Act.VERIFY: _("You handed this claim in, so a colleague verifies it."),
    Act.APPROVE: _("You handed this claim in, so a colleague approves it."),
    Act.PAY: _("You handed in, verified or approved this claim, so somebody else pays it."),
}


def acts_of(claim: SubsidyClaim, user: User) -> frozenset[Act]:
    """Collect what this person may do with the claim as it stands; 1 query."""
    fitting = [act for act in Act if _fits(claim, act) and user.has_perm(ABILITIES[act], claim)]
    hands = _hands(claim)
    return frozenset(act for act in fitting if user.pk not in hands[act])


def why_not(claim: SubsidyClaim, user: User) -> str:
    """Say why the next step is not this person's, who could take it for another claim; else nothing; 1 query."""
    act = NEXT.get(ClaimState(claim.state))
    if act in OWN and user.has_perm(ABILITIES[act], claim) and user.pk in _hands(claim)[act]:
        return str(OWN[act])
    return ""


def _fits(claim: SubsidyClaim, act: Act) -> bool:
    return claim.state in WRITABLE if act == Act.WRITE else CLAIM_MOVES.allows(claim.state, act)


def _hands(claim: SubsidyClaim) -> dict[Act, set[int | None]]:
    """Name for each act whose hand it may not be: three people hand in, verify or approve, and pay."""
    handed_in = Event.objects.about(claim).filter(verb="submitted").order_by().values_list("by_id", flat=True)
    requesters: set[int | None] = {claim.submitted_by_id, *handed_in}
    deciders = {claim.verified_by_id, claim.approved_by_id}
    apart = {Act.VERIFY: requesters, Act.APPROVE: requesters, Act.PAY: requesters | deciders}
    return {act: apart.get(act, set()) for act in Act}
