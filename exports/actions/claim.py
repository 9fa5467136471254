"""A claim is begun for one parcel, kept up while it is a draft or was returned, and handed in."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.dates import local_date, short_date
from common.errors import Refused, RowMoved
from common.events import record
from exports.actions.advancing import advance
from exports.actions.holding import hold_unit
from exports.actions.saying import clean
from exports.actions.twins import claimed_once, claims_of_waybill
from exports.limits import Limits, limits_of, most_claimable
from exports.models import Shipment, SubsidyClaim, SubsidyScheme
from exports.states import CLAIM_MOVES, WRITABLE, ClaimState, DocumentKind, SchemeState
from programs.models import Cohort
from villages.states import InventoryState


@transaction.atomic
def start_claim(
    *,
    scheme: SubsidyScheme,
    shipment: Shipment,
    by: User,
    at: datetime,
    requested: Decimal | None = None,
    cohort: Cohort | None = None,
) -> SubsidyClaim:
    """Begin a claim for one parcel; unless told otherwise it asks for the most that it may be."""
    hold_unit(shipment.business_unit_id)
    parcel = Shipment.objects.select_related("business_unit__region").get(pk=shipment.pk)
    terms = SubsidyScheme.objects.get(pk=scheme.pk)
    served = _cohort(terms, parcel, cohort)
    _refuse_unfit(terms, parcel)
    with claimed_once("waybill", claims_of_waybill(parcel.waybill_key), by=by):
        limits = most_claimable(terms, parcel)
        _refuse_late(parcel, limits, at=at)
        claim = SubsidyClaim(scheme=terms, program_id=terms.program_id, shipment=parcel, cohort=served)
        claim.business_unit, claim.waybill_key = parcel.business_unit, parcel.waybill_key
        claim.year, claim.requested = parcel.shipped_on.year, _asked(limits, requested)
        claim.started_at, claim.started_by, claim.moved_at = at, by, at
        claim.save(force_insert=True)
    record(claim, verb="started", by=by, at=at, scheme=terms.pk, shipment=parcel.pk)
    return claim


@transaction.atomic
def change_claim(claim: SubsidyClaim, *, requested: Decimal, by: User, at: datetime) -> None:
    """Ask for another amount, while it is a draft or was returned."""
    refuse_handed_in(claim)
    hold_unit(claim.business_unit_id)
    asked = _asked(limits_of(claim), requested)
    if asked == claim.requested:
        return
    if not SubsidyClaim.objects.filter(pk=claim.pk, state=claim.state).update(requested=asked):
        raise RowMoved(claim)
    claim.requested = asked
    record(claim, verb="changed", by=by, at=at, columns=["requested"])


@transaction.atomic
def submit_claim(claim: SubsidyClaim, *, by: User, at: datetime) -> None:
    """Hand it in with every document that its scheme asks for; one that was returned is verified anew."""
    CLAIM_MOVES.check(claim.state, ClaimState.SUBMITTED)
    hold_unit(claim.business_unit_id)
    kept = SubsidyClaim.objects.select_related("scheme", "shipment__business_unit__region").get(pk=claim.pk)
    limits = most_claimable(kept.scheme, kept.shipment, beside=kept)
    if kept.submitted_at is None:  # the window is for the first time; what was returned comes again when it can
        _refuse_unfit(kept.scheme, kept.shipment)
        _refuse_late(kept.shipment, limits, at=at)
    if missing := missing_documents(kept):
        said = ", ".join(str(kind.label) for kind in missing)
        raise ValidationError({"documents": _("Still missing: %(documents)s.") % {"documents": said}})
    _asked(limits, kept.requested)
    first: dict[str, Any] = {"submitted_at": kept.submitted_at or at, "submitted_by": by}
    advance(claim, ClaimState.SUBMITTED, verb="submitted", by=by, at=at, **first, verified_at=None, verified_by=None)


def missing_documents(claim: SubsidyClaim) -> list[DocumentKind]:
    """List the documents that the scheme asks for and the claim has not; 1 query."""
    here = set(claim.papers.values_list("kind", flat=True))
    return [DocumentKind(kind) for kind in claim.scheme.documents if kind not in here]


def refuse_handed_in(claim: SubsidyClaim) -> None:
    """Refuse to write in a claim that others look at."""
    if claim.state not in WRITABLE:
        raise Refused(_("This claim was handed in and can no longer be changed; ask for it to be returned."))


def _asked(limits: Limits, requested: Decimal | None) -> Decimal:
    """Take what is asked for when it fits every bound; the most that fits when nothing is said."""
    if requested is None and not limits.most:
        raise Refused(limits.refusal(Decimal(1)))
    asked = clean(SubsidyClaim, "requested", limits.most if requested is None else requested)
    assert isinstance(asked, Decimal)  # noqa: S101  what a decimal column cleans is a decimal
    if asked <= 0:
        raise ValidationError({"requested": _("An amount is more than nothing.")})
    if refusal := limits.refusal(asked):
        raise ValidationError({"requested": refusal})
    return asked


def _cohort(scheme: SubsidyScheme, shipment: Shipment, given: Cohort | None) -> Cohort | None:
    """Take the cohort that was given, else the one running when the parcel left; a program pays for its villages."""
    cohorts = Cohort.objects.filter(program=scheme.program_id, village=shipment.business_unit.village_id)
    if given is not None and not cohorts.filter(pk=given.pk).exists():
        raise ValidationError({"cohort": _("This cohort is not one of this village and program.")})
    if given is None and not cohorts.exists():
        raise ValidationError({"scheme": _("This program has no cohort in the village of this business unit.")})
    return given or cohorts.serving(shipment.shipped_on)


def _refuse_unfit(scheme: SubsidyScheme, shipment: Shipment) -> None:
    if scheme.state != SchemeState.OPEN:
        raise Refused(_("This scheme is not open for claims."))
    if shipment.business_unit.inventory_state != InventoryState.VERIFIED:
        raise Refused(_("This business unit is not in the inventory yet; have it verified first."))


def _refuse_late(shipment: Shipment, limits: Limits, *, at: datetime) -> None:
    if local_date(at, shipment.business_unit.region.zone) > limits.deadline:
        raise Refused(_("This claim could be handed in until %(day)s.") % {"day": short_date(limits.deadline)})
