"""A claim from the first receipt to the closed file, how much it may be, and until when."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from common.errors import Refused
from common.models import Event
from exports.actions import (
    cancel_claim,
    change_claim,
    change_scheme,
    close_claim,
    move_scheme,
    remove_document,
    return_claim,
    start_claim,
    submit_claim,
)
from exports.models import BudgetEntry, Shipment, SubsidyClaim, SubsidyScheme
from exports.states import ClaimState, SchemeState
from programs.models import Cohort, Program
from tests.exports.claims import balance, drafted, paid, submitted, told
from tests.factories import NOW, CohortFactory, ShipmentFactory
from villages.models import BusinessUnit, Village
from villages.states import InventoryState

LATER = NOW + timedelta(days=1)


def test_claim_from_receipt_to_closed_file(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, joko: User, cohort: Cohort
) -> None:
    claim = paid(scheme, parcel, by=made, desk=sari, payer=joko)
    close_claim(claim, by=sari, at=NOW + timedelta(days=9))
    claim.refresh_from_db()
    assert (claim.state, claim.requested, claim.approved_amount) == (ClaimState.CLOSED, 800_000, 800_000)
    assert (claim.program, claim.cohort, claim.year) == (scheme.program, cohort, 2026)
    assert (claim.submitted_by, claim.verified_by, claim.approved_by, claim.paid_by) == (made, sari, sari, joko)
    assert (claim.paid_on, claim.payment_reference) == (date(2026, 10, 8), "SP2D 12")
    assert claim.moved_at == claim.closed_at == NOW + timedelta(days=9)
    assert balance(scheme.program) == (0, 800_000)
    lines = [(line.kind, int(line.amount), line.by) for line in BudgetEntry.objects.order_by("pk")]
    assert lines == [("committed", 800_000, sari), ("spent", 800_000, joko)]
    steps = ["submitted", "verified", "approved", "paid", "closed"]
    assert told(claim) == ["started", "document_added", "document_added", *steps]


def test_events_keep_no_names_and_no_amounts(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, joko: User
) -> None:
    claim = paid(scheme, parcel, by=made, desk=sari, payer=joko)
    kept = {name for event in Event.objects.about(claim) for name in event.facts}
    assert kept == {"scheme", "shipment", "document", "kind", "sha256"}


@pytest.mark.parametrize(
    ("share", "per_claim", "per_unit", "ceiling", "most", "said"),
    [
        (80, 3_000_000, 9_000_000, 5_000_000, 800_000, "pays Rp800.000 of this parcel's cost"),
        (33, 3_000_000, 9_000_000, 5_000_000, 330_000, "pays Rp330.000 of this parcel's cost"),
        (80, 500_000, 9_000_000, 5_000_000, 500_000, "at most Rp500.000 for one claim"),
        (80, 600_000, 600_000, 5_000_000, 600_000, "Of this year's ceiling of the business unit, Rp600.000 is left."),
        (80, 3_000_000, 9_000_000, 70_000, 70_000, "Of the program's subsidy, Rp70.000 is left."),
    ],
)
def test_claim_is_at_most_the_narrowest_bound(
    scheme: SubsidyScheme,
    parcel: Shipment,
    made: User,
    share: int,
    per_claim: int,
    per_unit: int,
    ceiling: int,
    most: int,
    said: str,
) -> None:
    SubsidyScheme.objects.update(share=share, ceiling_per_claim=per_claim, ceiling_per_unit=per_unit)
    Program.objects.update(subsidy_ceiling=ceiling)
    with pytest.raises(ValidationError, match=said) as refusal:
        start_claim(scheme=scheme, shipment=parcel, requested=Decimal(most + 1), by=made, at=NOW)
    assert set(refusal.value.error_dict) == {"requested"}
    assert start_claim(scheme=scheme, shipment=parcel, by=made, at=NOW).requested == most


def test_share_of_the_cost_is_whole_rupiah(scheme: SubsidyScheme, group: BusinessUnit, made: User) -> None:
    odd = ShipmentFactory.create(business_unit=group, cost=Decimal("999999.99"))
    assert start_claim(scheme=scheme, shipment=odd, by=made, at=NOW).requested == 799_999


@pytest.mark.parametrize("wrong", ["0", "-5", "0.001", "NaN", "1e20"])
def test_amount_that_is_none_is_refused(scheme: SubsidyScheme, parcel: Shipment, made: User, wrong: str) -> None:
    with pytest.raises(ValidationError):
        start_claim(scheme=scheme, shipment=parcel, requested=Decimal(wrong), by=made, at=NOW)
    assert not SubsidyClaim.objects.exists()


def test_year_of_a_unit_is_shared_by_its_claims_of_one_scheme(
    scheme: SubsidyScheme, group: BusinessUnit, made: User, sari: User
) -> None:
    change_scheme(scheme, ceiling_per_claim=900_000, ceiling_per_unit=1_000_000, by=sari, at=NOW)
    days = [date(2026, 9, 10), date(2026, 9, 11), date(2026, 9, 12)]
    parcels = [ShipmentFactory.create(business_unit=group, shipped_on=day) for day in days]
    first = start_claim(scheme=scheme, shipment=parcels[0], by=made, at=NOW)
    second = start_claim(scheme=scheme, shipment=parcels[1], by=made, at=NOW)
    assert (first.requested, second.requested) == (800_000, 200_000)
    with pytest.raises(Refused, match="Rp0 is left"):
        start_claim(scheme=scheme, shipment=parcels[2], by=made, at=NOW)
    cancel_claim(first, comment="Another office pays", by=made, at=NOW)
    assert start_claim(scheme=scheme, shipment=parcels[2], by=made, at=NOW).requested == 800_000
    last_year = ShipmentFactory.create(business_unit=group, shipped_on=date(2025, 12, 31))
    early = NOW - timedelta(days=250)
    assert start_claim(scheme=scheme, shipment=last_year, by=made, at=early).requested == 800_000


def test_claim_is_handed_in_until_the_last_day_of_the_window(
    scheme: SubsidyScheme, parcel: Shipment, made: User
) -> None:
    claim = drafted(scheme, parcel, by=made)
    last = NOW.replace(month=11, day=9, hour=16, minute=59)  # 23.59 WIB
    with pytest.raises(Refused, match="could be handed in until Mon, 9 Nov 2026"):
        submit_claim(claim, by=made, at=last + timedelta(minutes=1))
    submit_claim(claim, by=made, at=last)
    assert claim.submitted_at == last


def test_claim_that_is_too_late_is_not_begun(scheme: SubsidyScheme, parcel: Shipment, made: User) -> None:
    with pytest.raises(Refused, match="could be handed in until"):
        start_claim(scheme=scheme, shipment=parcel, by=made, at=NOW + timedelta(days=60))


def test_returned_claim_comes_again_after_the_window(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User
) -> None:
    claim = submitted(scheme, parcel, by=made)
    return_claim(claim, comment="The receipt cannot be read.", by=sari, at=LATER)
    first = claim.submitted_at
    submit_claim(claim, by=made, at=NOW + timedelta(days=90))
    assert (claim.state, claim.submitted_at, claim.moved_at) == ("submitted", first, NOW + timedelta(days=90))


def test_every_document_of_the_scheme_is_there(scheme: SubsidyScheme, parcel: Shipment, made: User) -> None:
    claim = start_claim(scheme=scheme, shipment=parcel, by=made, at=NOW)
    with pytest.raises(ValidationError, match=r"Still missing: Waybill, Payment receipt\."):
        submit_claim(claim, by=made, at=NOW)


def test_closed_scheme_takes_no_claims(scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User) -> None:
    claim = drafted(scheme, parcel, by=made)
    move_scheme(scheme, to=SchemeState.CLOSED, by=sari, at=NOW)
    with pytest.raises(Refused, match="not open for claims"):
        submit_claim(claim, by=made, at=NOW)
    cancel_claim(claim, comment="Closed", by=made, at=NOW)
    with pytest.raises(Refused, match="not open for claims"):
        start_claim(scheme=scheme, shipment=parcel, by=made, at=NOW)


def test_lead_is_verified_before_it_claims(scheme: SubsidyScheme, parcel: Shipment, made: User) -> None:
    lead = {"inventory_state": InventoryState.LEAD, "settled_at": None, "settled_by": None}
    BusinessUnit.objects.update(**lead)
    with pytest.raises(Refused, match="not in the inventory yet"):
        start_claim(scheme=scheme, shipment=parcel, by=made, at=NOW)


def test_program_pays_for_its_own_villages(scheme: SubsidyScheme, elsewhere: Village, made: User) -> None:
    stranger = ShipmentFactory.create(business_unit__village=elsewhere)
    with pytest.raises(ValidationError, match="no cohort in the village"):
        start_claim(scheme=scheme, shipment=stranger, by=made, at=NOW)


def test_claim_serves_the_cohort_that_ran_when_the_parcel_left(
    scheme: SubsidyScheme, parcel: Shipment, made: User, cohort: Cohort
) -> None:
    later = CohortFactory.create(program=cohort.program, village=cohort.village, starts_on=date(2026, 9, 10))
    other = CohortFactory.create(village=cohort.village)
    with pytest.raises(ValidationError, match="not one of this village and program"):
        start_claim(scheme=scheme, shipment=parcel, cohort=other, by=made, at=NOW)
    claim = start_claim(scheme=scheme, shipment=parcel, by=made, at=NOW)
    assert claim.cohort == later
    cancel_claim(claim, comment="Another cohort", by=made, at=NOW)
    assert start_claim(scheme=scheme, shipment=parcel, cohort=cohort, by=made, at=NOW).cohort == cohort


def test_amount_changes_until_it_is_handed_in(scheme: SubsidyScheme, parcel: Shipment, made: User) -> None:
    claim = drafted(scheme, parcel, by=made)
    change_claim(claim, requested=Decimal(300_000), by=made, at=NOW)
    change_claim(claim, requested=Decimal(300_000), by=made, at=NOW)
    assert told(claim).count("changed") == 1
    with pytest.raises(ValidationError, match=r"Rp800\.000"):
        change_claim(claim, requested=Decimal(800_001), by=made, at=NOW)
    submit_claim(claim, by=made, at=NOW)
    with pytest.raises(Refused, match="can no longer be changed"):
        change_claim(claim, requested=Decimal(1), by=made, at=NOW)
    assert SubsidyClaim.objects.get().requested == 300_000


def test_document_leaves_with_its_claim_only(scheme: SubsidyScheme, parcel: Shipment, made: User) -> None:
    claim = submitted(scheme, parcel, by=made)
    with pytest.raises(Refused, match="can no longer be changed"):
        remove_document(claim.papers.first(), by=made, at=NOW)  # type: ignore[arg-type]
