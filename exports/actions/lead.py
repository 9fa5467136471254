"""Leads: how far a business unit and a buyer have come, and what comes next."""

from datetime import date, datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.events import record
from exports.actions.columns import correct, known
from exports.models import Buyer, Lead
from exports.states import LeadState
from villages.models import BusinessUnit
from villages.states import InventoryState

COLUMNS: Final = frozenset({"source", "next_step", "next_on"})


@transaction.atomic
def start_lead(
    *,
    business_unit: BusinessUnit,
    buyer: Buyer,
    source: str = "",
    next_step: str = "",
    next_on: date | None = None,
    by: User,
    at: datetime,
) -> Lead:
    """Bring a unit and a buyer together; two that deal have one lead."""
    refuse_left_out(business_unit)
    if business_unit.village_id is None:
        raise ValidationError({"business_unit": _("A lead is a village's: choose one of its units.")}, code="origin")
    words = known({"source": source, "next_step": next_step, "next_on": next_on}, COLUMNS)
    lead = Lead(business_unit=business_unit, buyer=buyer, **words, started_at=at, started_by=by)
    lead.full_clean()
    lead.save(force_insert=True)
    record(lead, verb="started", by=by, at=at, goal=lead.state, business_unit=business_unit.pk, buyer=buyer.pk)
    return lead


@transaction.atomic
def change_lead(lead: Lead, *, by: User, at: datetime, **columns: Any) -> None:
    """Write where the contact came from and what comes next; saying what is so already changes nothing."""
    if changed := correct(lead, known(columns, COLUMNS)):
        record(lead, verb="changed", by=by, at=at, columns=changed)


@transaction.atomic
def move_lead(lead: Lead, *, to: str, reason: str = "", by: User, at: datetime) -> None:
    """Move a lead onward, or give it up with a reason; one that was given up can be taken up again."""
    why = reason.strip()
    if to == LeadState.LOST and not why:
        raise ValidationError({"reason": _("Say why nothing came of it.")}, code="reason")
    origin, lead.reason = lead.state, why if to == LeadState.LOST else ""
    lead.clean_fields(exclude={"business_unit", "buyer", "started_by"})
    Lead.objects.move(lead, to, reason=lead.reason)
    record(lead, verb="moved", by=by, at=at, origin=origin, goal=to)


def refuse_left_out(unit: BusinessUnit, *, field: str = "business_unit") -> None:
    """Refuse a unit that was left out of the inventory."""
    if unit.inventory_state == InventoryState.DISMISSED:
        raise ValidationError({field: _("This business unit was left out of the inventory.")}, code="dismissed")
