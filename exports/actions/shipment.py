"""Samples travel to a buyer as one parcel; it arrives, and the buyer answers."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import Refused, RowMoved
from common.events import record
from exports.actions.columns import correct
from exports.actions.holding import hold_unit
from exports.actions.saying import refuse_later, refuse_unknown
from exports.actions.twins import claimed_once, claims_of_waybill
from exports.countries import check_country
from exports.models import Buyer, Sample, Shipment, SubsidyClaim
from exports.states import LIVE, Answer, ClaimState
from programs.models import Cohort
from villages.models import BusinessUnit

COLUMNS = frozenset({"buyer", "country", "courier", "waybill", "shipped_on", "cost"})
CLAIMED = frozenset({"courier", "waybill", "shipped_on", "cost"})  # what a claim that was handed in speaks of


@transaction.atomic
def ship_samples(
    *,
    business_unit: BusinessUnit,
    samples: Iterable[Sample],
    buyer: Buyer | None,
    country: str,
    courier: str,
    waybill: str,
    shipped_on: date,
    cost: Decimal,
    by: User,
    at: datetime,
) -> Shipment:
    """Send samples that wait, as one parcel under one waybill."""
    shipment = Shipment(business_unit=business_unit, buyer=buyer, country=country, courier=courier, waybill=waybill)
    shipment.shipped_on, shipment.cost = shipped_on, cost
    shipment.started_at, shipment.started_by = at, by
    _check(shipment, at=at)
    keys = _waiting(samples, business_unit)
    shipment.save(force_insert=True)
    if Sample.objects.filter(pk__in=keys, shipment__isnull=True).update(shipment=shipment) != len(keys):
        raise RowMoved(shipment)
    record(shipment, verb="shipped", by=by, at=at, business_unit=business_unit.pk, samples=sorted(keys))
    return shipment


@transaction.atomic
def change_shipment(shipment: Shipment, *, by: User, at: datetime, **columns: Any) -> None:
    """Correct a parcel; what a claim that was handed in speaks of stays, and a draft follows."""
    refuse_unknown(columns, COLUMNS, "a shipment")
    hold_unit(shipment.business_unit_id)
    shipment.refresh_from_db()
    changed = {column: value for column, value in columns.items() if getattr(shipment, column) != value}
    if changed.keys() & CLAIMED:
        _refuse_claimed(shipment)
    before = shipment.shipped_on
    for column, value in changed.items():
        setattr(shipment, column, value)
    _check(shipment, at=at)
    if not changed:
        return
    shipment.save(update_fields=[*changed])
    for draft in shipment.claims.filter(state=ClaimState.DRAFT).select_related("cohort", "business_unit"):
        _follow(draft, shipment, before=before, by=by)
    record(shipment, verb="changed", by=by, at=at, columns=sorted(changed))


@transaction.atomic
def note_delivery(shipment: Shipment, *, delivered_on: date, by: User, at: datetime) -> None:
    """Write down on which day the parcel arrived; the slower of two hands is told."""
    if delivered_on < shipment.shipped_on:
        raise ValidationError({"delivered_on": _("A parcel arrives after it was shipped.")})
    refuse_later("delivered_on", delivered_on, shipment.business_unit, at=at)
    if delivered_on == shipment.delivered_on:
        return
    correct(shipment, {"delivered_on": delivered_on})
    record(shipment, verb="delivered", by=by, at=at, delivered_on=delivered_on.isoformat())


@transaction.atomic
def note_answer(
    shipment: Shipment, *, answer: str, by: User, at: datetime, words: str = "", answered_on: date | None = None
) -> None:
    """Write down what the buyer said, and when; while the answer is awaited there is no day and nothing said.

    The slower of two hands is told, and saying the same again says nothing new.
    """
    if answer == Answer.AWAITED:
        words, answered_on = "", None
    said = {"answer": answer, "answer_words": words.strip(), "answered_on": answered_on}
    if not correct(shipment, said):
        return
    if answered_on is not None:
        if answered_on < shipment.shipped_on:
            raise ValidationError({"answered_on": _("A buyer answers after the parcel was shipped.")})
        refuse_later("answered_on", answered_on, shipment.business_unit, at=at)
    record(shipment, verb="answered", by=by, at=at, answer=answer)


def _check(shipment: Shipment, *, at: datetime) -> None:
    shipment.full_clean(exclude={"business_unit", "buyer", "started_by"})
    check_country(shipment.country)
    refuse_later("shipped_on", shipment.shipped_on, shipment.business_unit, at=at)
    if shipment.answered_on is not None and shipment.answered_on < shipment.shipped_on:
        raise ValidationError({"shipped_on": _("A buyer answers after the parcel was shipped.")})
    if not all(shipment.waybill_key.partition(":")[::2]):
        raise ValidationError({"waybill": _("Write courier and waybill with their letters or digits.")})


def _waiting(samples: Iterable[Sample], unit: BusinessUnit) -> set[int]:
    """Take samples of this unit that nobody sent yet, at least one."""
    rows = list(samples)
    if not rows:
        raise ValidationError({"samples": _("Choose the samples that travel.")})
    if any(sample.business_unit_id != unit.pk for sample in rows):
        raise ValidationError({"samples": _("A parcel carries the samples of one business unit.")})
    if sent := [sample.product for sample in rows if sample.shipment_id is not None]:
        raise Refused(_("Already sent: %(samples)s.") % {"samples": ", ".join(sent)})
    return {sample.pk for sample in rows}


def _refuse_claimed(shipment: Shipment) -> None:
    handed_in = shipment.claims.filter(state__in=LIVE).exclude(state=ClaimState.DRAFT).first()
    if handed_in is not None:
        raise Refused(
            _("Claim %(claim)s speaks of this parcel; its waybill, day and cost stay.") % {"claim": handed_in}
        )


def _follow(draft: SubsidyClaim, shipment: Shipment, *, before: date, by: User) -> None:
    """Let a draft follow its parcel; a cohort that was chosen by hand stays."""
    cohorts = Cohort.objects.filter(program=draft.program_id, village=draft.business_unit.village_id)
    if cohorts.serving(before) == draft.cohort:
        draft.cohort = cohorts.serving(shipment.shipped_on)
    draft.waybill_key, draft.year = shipment.waybill_key, shipment.shipped_on.year
    with claimed_once("waybill", claims_of_waybill(draft.waybill_key).exclude(pk=draft.pk), by=by):
        draft.save(update_fields=["waybill_key", "year", "cohort"])
