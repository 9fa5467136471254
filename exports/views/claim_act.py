"""What is decided about a claim, one page for each hand."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from common.errors import Refused
from common.pages import FormPage
from exports.actions import (
    approve_claim,
    cancel_claim,
    close_claim,
    pay_claim,
    reject_claim,
    return_claim,
    submit_claim,
    verify_claim,
)
from exports.forms.claim import ApproveForm, CommentForm, PayForm
from exports.hands import Act
from exports.models import SubsidyClaim
from exports.rules import Can
from exports.states import ClaimState
from exports.views.claim import ClaimPage


class ClaimSubmit(ClaimPage):
    """Hand a claim in."""

    ability = Can.WRITE_CLAIM

    def post(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Hand it in; pressing twice hands it in once."""
        claim = self.row()
        if claim.state != ClaimState.SUBMITTED:
            try:
                submit_claim(claim, by=self.reader, at=now())
            except ValidationError as error:
                raise Refused(error.messages[0]) from None
        return self.back(claim, _("The claim is handed in. Another hand verifies it."))


class ClaimVerify(ClaimPage):
    """Say that the papers are right."""

    ability = Can.VERIFY_CLAIM

    def post(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Verify it; pressing twice verifies once."""
        claim = self.row()
        if claim.state != ClaimState.VERIFIED or claim.verified_by_id != self.reader.pk:
            verify_claim(claim, by=self.reader, at=now())
        return self.back(claim, _("The claim is verified and waits for approval."))


class ClaimClose(ClaimPage):
    """Close the file of a paid claim."""

    ability = Can.PAY_CLAIM

    def post(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Close it; pressing twice closes once."""
        claim = self.row()
        if claim.state != ClaimState.CLOSED:
            close_claim(claim, by=self.reader, at=now())
        return self.back(claim, _("The file is closed."))


class ClaimDecision(FormPage[SubsidyClaim], ClaimPage):
    """What decisions with a form share."""

    template = "exports/claim_act.html"
    decision: ClassVar[Act]

    def context(self) -> dict[str, Any]:
        """Name the claim and what is decided."""
        return {"claim": self.row(), "decision": self.decision.name.lower()}


class ClaimApprove(ClaimDecision):
    """Set money aside for a claim."""

    ability = Can.APPROVE_CLAIM
    form_class = ApproveForm
    decision = Act.APPROVE

    def form_arguments(self) -> dict[str, Any]:
        """Begin with what was asked for."""
        return {"initial": {"amount": self.row().requested}}

    def act(self, form: Any) -> HttpResponse:
        """Approve it."""
        claim = self.row()
        approve_claim(claim, **form.cleaned_data, by=self.reader, at=now())
        return self.back(claim, _("The claim is approved and its amount is set aside."))


class ClaimPay(ClaimDecision):
    """Write down that a claim was paid."""

    ability = Can.PAY_CLAIM
    form_class = PayForm
    decision = Act.PAY

    def form_arguments(self) -> dict[str, Any]:
        """Begin with today."""
        return {"initial": {"paid_on": localdate()}}

    def act(self, form: Any) -> HttpResponse:
        """Write it down."""
        claim = self.row()
        pay_claim(claim, **form.cleaned_data, by=self.reader, at=now())
        return self.back(claim, _("The payment is written down, and the ledger follows it."))


class ClaimReturn(ClaimDecision):
    """Give a claim back to be completed."""

    ability = Can.VERIFY_CLAIM
    form_class = CommentForm
    decision = Act.RETURN

    def act(self, form: Any) -> HttpResponse:
        """Give it back with the reason."""
        claim = self.row()
        return_claim(claim, **form.cleaned_data, by=self.reader, at=now())
        return self.back(claim, _("The claim is back with who handed it in."))


class ClaimReject(ClaimDecision):
    """Refuse a claim for good."""

    ability = Can.VERIFY_CLAIM
    form_class = CommentForm
    decision = Act.REJECT

    def act(self, form: Any) -> HttpResponse:
        """Reject it with the reason."""
        claim = self.row()
        reject_claim(claim, **form.cleaned_data, by=self.reader, at=now())
        return self.back(claim, _("The claim is rejected. Its waybill and documents are free again."))


class ClaimCancel(ClaimDecision):
    """Call a claim off."""

    ability = Can.WRITE_CLAIM
    form_class = CommentForm
    decision = Act.CANCEL

    def act(self, form: Any) -> HttpResponse:
        """Call it off with the reason."""
        claim = self.row()
        cancel_claim(claim, **form.cleaned_data, by=self.reader, at=now())
        return self.back(claim, _("The claim is called off. Its waybill and documents are free again."))
