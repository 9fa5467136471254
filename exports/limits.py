"""How much a claim may be, and until when; the one place that says so."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal

from django.db.models import F, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from common.numbers import rupiah
from exports.models import Shipment, SubsidyClaim, SubsidyScheme
from exports.states import LIVE
from programs.models import Program

NOTHING = Decimal(0)
WHOLE = Decimal(1)


@dataclass(frozen=True)
class Limits:
    """What bounds one claim, in rupiah, and the last day on which it is handed in."""

    share_of_cost: Decimal
    ceiling_per_claim: Decimal
    left_of_year: Decimal
    left_of_budget: Decimal
    deadline: date

    @property
    def most(self) -> Decimal:
        """Give the most that may be claimed; 0 when nothing is left."""
        return min(self.share_of_cost, self.ceiling_per_claim, self.left_of_year, self.left_of_budget)

    def refusal(self, amount: Decimal) -> str:
        """Say which bound an amount breaks, the narrowest first; empty when it fits."""
        sentences = {
            self.share_of_cost: _("The scheme pays %(sum)s of this parcel's cost."),
            self.ceiling_per_claim: _("The scheme pays at most %(sum)s for one claim."),
            self.left_of_year: _("Of this year's ceiling of the business unit, %(sum)s is left."),
            self.left_of_budget: _("Of the program's subsidy, %(sum)s is left."),
        }
        return "" if amount <= self.most else sentences[self.most] % {"sum": rupiah(self.most)}


def most_claimable(scheme: SubsidyScheme, shipment: Shipment, *, beside: SubsidyClaim | None = None) -> Limits:
    """Read what bounds a claim for this parcel under this scheme; `beside` is the claim itself when it exists.

    2 queries; no lock: whoever writes by it holds the unit and the budget first.
    """
    return Limits(
        share_of_cost=(Decimal(shipment.cost) * scheme.share / 100).quantize(WHOLE, ROUND_FLOOR),
        ceiling_per_claim=Decimal(scheme.ceiling_per_claim),
        left_of_year=max(NOTHING, Decimal(scheme.ceiling_per_unit) - _claimed(scheme, shipment, beside)),
        left_of_budget=max(NOTHING, _left_of_budget(scheme)),
        deadline=shipment.shipped_on + timedelta(days=scheme.window_days),
    )


def limits_of(claim: SubsidyClaim) -> Limits:
    """Read what bounds a claim that exists, by its scheme and parcel as they now stand; 3 queries."""
    row = SubsidyClaim.objects.select_related("scheme", "shipment").get(pk=claim.pk)
    return most_claimable(row.scheme, row.shipment, beside=row)


def _claimed(scheme: SubsidyScheme, shipment: Shipment, beside: SubsidyClaim | None) -> Decimal:
    """Sum what the unit's other live claims of that year hold: what was approved, else what was asked for."""
    rows = SubsidyClaim.objects.filter(
        scheme=scheme, business_unit=shipment.business_unit_id, year=shipment.shipped_on.year, state__in=LIVE
    )
    if beside is not None:
        rows = rows.exclude(pk=beside.pk)
    return rows.aggregate(sum=Sum(Coalesce("approved_amount", "requested")))["sum"] or NOTHING


def _left_of_budget(scheme: SubsidyScheme) -> Decimal:
    left = F("subsidy_ceiling") - F("budget__committed") - F("budget__spent")
    return Program.objects.filter(pk=scheme.program_id).values_list(left, flat=True).get() or NOTHING
