"""Pages of claims: lists, one claim with its hands and papers, and how much can be asked for."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from common.pages import FormPage, ListPage, Page
from exports.actions import change_claim, start_claim
from exports.checklist import checklist, steps_of
from exports.filters import ClaimFilter, WaitingFilter
from exports.forms.claim import ApproveForm, ClaimForm, CommentForm, PayForm
from exports.hands import Act, acts_of, why_not
from exports.limits import Limits, limits_of, most_claimable
from exports.models import Shipment, SubsidyClaim, SubsidyScheme
from exports.rules import Can
from exports.states import WRITABLE, ClaimState, SchemeState
from exports.views.narrowed import beside
from exports.worklist import piles

UNDECIDED = (*WRITABLE, ClaimState.SUBMITTED, ClaimState.VERIFIED)


class ClaimList(ListPage[SubsidyClaim]):
    """Claims, the latest first."""

    ability = Can.READ_CLAIM
    model = SubsidyClaim
    template = "exports/claim_list.html"
    filterset_class = ClaimFilter
    order = ("-started_at", "-pk")
    tab = "claims"

    def rows(self) -> models.QuerySet[SubsidyClaim]:
        """Read along what a line shows."""
        return super().rows().select_related("business_unit__village", "program", "shipment")

    def context(self) -> dict[str, Any]:
        """Tell what stands beside the rows."""
        return beside(self.request, self.tab)


class ClaimsWaiting(ClaimList):
    """What waits for somebody's hand, the longest first."""

    template = "exports/claims_waiting.html"
    filterset_class = WaitingFilter
    order = ("moved_at", "pk")
    tab = "waiting"

    def rows(self) -> models.QuerySet[SubsidyClaim]:
        """Keep what waits."""
        rows: Any = super().rows()
        waiting: models.QuerySet[SubsidyClaim] = rows.waiting()
        return waiting

    def context(self) -> dict[str, Any]:
        """Count every pile."""
        return {**super().context(), "piles": piles(SubsidyClaim.objects.visible_to(self.reader), at=now())}


class ClaimPage(Page[SubsidyClaim]):
    """What pages of one claim share."""

    model = SubsidyClaim

    def rows(self) -> models.QuerySet[SubsidyClaim]:
        """Read along everything that a claim refers to."""
        hands = ("started_by", "submitted_by", "verified_by", "approved_by", "paid_by", "closed_by")
        about = ("business_unit__village", "business_unit__region", "program", "cohort", "scheme", "shipment__buyer")
        return super().rows().select_related(*about, *hands)

    def back(self, claim: SubsidyClaim, sentence: str) -> HttpResponseRedirect:
        """Say what was done and return to the claim."""
        messages.success(self.request, sentence)
        return redirect("claim-detail", pk=claim.pk)


class ClaimDetail(ClaimPage):
    """One claim: how it stands, how the amount comes about, its papers, and what its reader may do now."""

    ability = Can.READ_CLAIM
    template = "exports/claim_detail.html"

    def get(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Show it."""
        claim = self.row()
        acts, papers = acts_of(claim, self.reader), checklist(claim)
        return self.show(
            claim=claim,
            zone=claim.business_unit.region.zone,
            acts={act.name.lower(): True for act in acts},
            barred=why_not(claim, self.reader),
            steps=steps_of(claim),
            papers=papers,
            missing=[line for line in papers if line.missing],
            decides=bool(acts - {Act.WRITE}),
            opens_shipment=Shipment.objects.visible_to(self.reader).filter(pk=claim.shipment_id).exists(),
            samples=claim.shipment.samples.order_by("pk"),
            limits=self.limits(claim),
            approving=ApproveForm(initial={"amount": claim.requested}) if Act.APPROVE in acts else None,
            paying=PayForm(initial={"paid_on": localdate()}) if Act.PAY in acts else None,
            returning=CommentForm(auto_id="return_%s") if Act.RETURN in acts else None,
            rejecting=CommentForm(auto_id="reject_%s") if Act.REJECT in acts else None,
        )

    def limits(self, claim: SubsidyClaim) -> Limits | None:
        """Say how much is possible, until money is set aside for it."""
        return limits_of(claim) if claim.state in UNDECIDED else None


class ClaimStart(FormPage[Shipment]):
    """Begin a claim for one shipment: choose the scheme, see what is possible, say how much."""

    ability = Can.WRITE_CLAIM
    model = Shipment
    template = "exports/claim_form.html"
    form_class = ClaimForm

    def rows(self) -> models.QuerySet[Shipment]:
        """Read along whose parcel it is."""
        return super().rows().select_related("business_unit__village", "business_unit__region")

    def schemes(self) -> models.QuerySet[SubsidyScheme]:
        """Offer the open schemes of the programs that work in the unit's village."""
        rows: models.QuerySet[SubsidyScheme] = SubsidyScheme.objects.visible_to(self.reader)
        village = self.row().business_unit.village_id
        served = rows.filter(program__cohorts__village=village) if village else rows.none()
        return served.filter(state=SchemeState.OPEN).select_related("program").distinct().order_by("name", "pk")

    def scheme(self) -> SubsidyScheme | None:
        """Find the scheme of the address; the only one needs no address."""
        found = list(self.schemes()[:50])
        asked = self.request.GET.get("scheme")
        if asked is None:
            return found[0] if len(found) == 1 else None
        chosen = next((scheme for scheme in found if str(scheme.pk) == asked), None)
        if chosen is None:
            raise Http404
        return chosen

    def form_arguments(self) -> dict[str, Any]:
        """Begin with the most that is possible."""
        scheme = self.scheme()
        most = most_claimable(scheme, self.row()).most if scheme else None
        return {"initial": {"requested": most}}

    def context(self) -> dict[str, Any]:
        """Name the shipment, and show how the most comes about."""
        shipment, scheme = self.row(), self.scheme()
        given = {"shipment": shipment, "scheme": scheme, "schemes": self.schemes() if scheme is None else ()}
        return {**given, **(bounds(most_claimable(scheme, shipment)) if scheme else {})}

    def act(self, form: Any) -> HttpResponse:
        """Begin it, and ask for its papers."""
        scheme = self.scheme()
        if scheme is None:
            raise Http404
        claim = start_claim(scheme=scheme, shipment=self.row(), **form.cleaned_data, by=self.reader, at=now())
        messages.success(self.request, _("The claim is begun. Add its documents, then hand it in."))
        return redirect("claim-detail", pk=claim.pk)


class ClaimEdit(FormPage[SubsidyClaim], ClaimPage):
    """Ask for another amount, while the claim is a draft or was returned."""

    ability = Can.WRITE_CLAIM
    template = "exports/claim_form.html"
    form_class = ClaimForm

    def form_arguments(self) -> dict[str, Any]:
        """Begin with what stands."""
        return {"initial": {"requested": self.row().requested}}

    def context(self) -> dict[str, Any]:
        """Name the claim, and show how the most comes about."""
        claim = self.row()
        given = {"claim": claim, "shipment": claim.shipment, "scheme": claim.scheme}
        return {**given, **bounds(limits_of(claim))}

    def act(self, form: Any) -> HttpResponse:
        """Keep the change."""
        claim = self.row()
        change_claim(claim, **form.cleaned_data, by=self.reader, at=now())
        return self.back(claim, _("The claim is changed."))


def bounds(limits: Limits) -> dict[str, object]:
    """Say how the most comes about, and why nothing is possible when it is nothing."""
    return {"limits": limits, "nothing": limits.refusal(Decimal(1)) if not limits.most else ""}
