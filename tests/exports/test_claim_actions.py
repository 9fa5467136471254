"""A claim from the first receipt to the closed file, and everything that keeps it from going on."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from common.constraints import sentence_of
from common.errors import MoveRefused, Refused, RowMoved
from common.models import Event
from exports.actions import (
    approve_claim,
    cancel_claim,
    change_claim,
    change_scheme,
    close_claim,
    move_scheme,
    pay_claim,
    reject_claim,
    remove_document,
    return_claim,
    start_claim,
    submit_claim,
    verify_claim,
)
from exports.models import Budget, BudgetEntry, Shipment, SubsidyClaim, SubsidyScheme
from exports.states import ClaimState, EntryKind, SchemeState
from programs.actions import change_program
from programs.models import Cohort, Program
from tests.exports.claims import approved, balance, drafted, paid, submitted, verified
from tests.factories import NOW, CohortFactory, ShipmentFactory
from villages.models import BusinessUnit, Village
from villages.states import InventoryState

LATER = NOW + timedelta(days=1)


def delete_rows(table: str) -> None:
    """Delete as someone at the database's own prompt would."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608  a table of ours


def told(claim: SubsidyClaim) -> list[str]:
    """List the verbs of a claim's history."""
    return [*Event.objects.about(claim).order_by("pk").values_list("verb", flat=True)]


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


# Three hands


def test_who_handed_in_neither_verifies_nor_approves_nor_pays(
    scheme: SubsidyScheme, parcel: Shipment, sari: User, dewi: User, joko: User
) -> None:
    claim = submitted(scheme, parcel, by=sari)
    with pytest.raises(Refused, match="does not verify it"):
        verify_claim(claim, by=sari, at=NOW)
    verify_claim(claim, by=dewi, at=NOW)
    with pytest.raises(Refused, match="does not approve it"):
        approve_claim(claim, by=sari, at=NOW)
    approve_claim(claim, by=dewi, at=NOW)
    for hand in (sari, dewi):
        with pytest.raises(Refused, match="Who pays has not handed in"):
            pay_claim(claim, paid_on=NOW.date(), payment_reference="1", by=hand, at=NOW)
    pay_claim(claim, paid_on=NOW.date(), payment_reference="1", by=joko, at=NOW)


def test_first_hand_stays_a_requester_when_another_hands_it_in_again(
    scheme: SubsidyScheme, parcel: Shipment, sari: User, dewi: User, made: User
) -> None:
    claim = submitted(scheme, parcel, by=sari)
    return_claim(claim, comment="Too dark", by=dewi, at=NOW)
    submit_claim(claim, by=made, at=NOW)
    assert claim.submitted_by == made
    with pytest.raises(Refused, match="does not verify it"):
        verify_claim(claim, by=sari, at=NOW)
    verify_claim(claim, by=dewi, at=NOW)


def test_claim_that_comes_again_has_lost_its_verification(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User
) -> None:
    claim = verified(scheme, parcel, by=made, desk=sari)
    return_claim(claim, comment="One page is missing", by=sari, at=LATER)
    submit_claim(claim, by=made, at=LATER)
    claim.refresh_from_db()
    assert (claim.state, claim.verified_at, claim.verified_by) == (ClaimState.SUBMITTED, None, None)
    with pytest.raises(MoveRefused):
        approve_claim(claim, by=sari, at=LATER)


@pytest.mark.parametrize("hand", ["verified", "approved", "paid"])
def test_database_holds_the_hands_apart(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, joko: User, hand: str
) -> None:
    claim = paid(scheme, parcel, by=made, desk=sari, payer=joko)
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        SubsidyClaim.objects.filter(pk=claim.pk).update(**{f"{hand}_by": made})
    assert "handed" in sentence_of(error.value)


# Money


def test_less_may_be_approved_than_was_asked_for(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User
) -> None:
    claim = verified(scheme, parcel, by=made, desk=sari)
    for wrong in ("800001", "0", "-1", "NaN"):
        with pytest.raises(ValidationError) as refusal:
            approve_claim(claim, amount=Decimal(wrong), by=sari, at=NOW)
        assert set(refusal.value.error_dict) == {"amount"}
    approve_claim(claim, amount=Decimal(500_000), by=sari, at=NOW)
    assert balance(scheme.program) == (500_000, 0)


def test_nothing_is_approved_beyond_what_is_left(
    scheme: SubsidyScheme, group: BusinessUnit, made: User, sari: User
) -> None:
    Program.objects.update(subsidy_ceiling=1_000_000)
    parcels = [ShipmentFactory.create(business_unit=group) for _ in range(2)]
    first, second = (verified(scheme, parcel, by=made, desk=sari) for parcel in parcels)
    approve_claim(first, by=sari, at=NOW)
    with pytest.raises(Refused, match=r"Of the program's subsidy, Rp200\.000 is left"):
        approve_claim(second, by=sari, at=NOW)
    second.refresh_from_db()
    assert second.state == ClaimState.VERIFIED
    approve_claim(second, amount=Decimal(200_000), by=sari, at=NOW)
    assert balance(scheme.program) == (1_000_000, 0)


@pytest.mark.parametrize("take_off", [reject_claim, cancel_claim])
def test_claim_taken_off_frees_waybill_documents_and_money(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, take_off: object
) -> None:
    claim = approved(scheme, parcel, by=made, desk=sari)
    assert balance(scheme.program) == (800_000, 0)
    with pytest.raises(Refused, match=rf"This waybill is already part of claim #{claim.pk} of Tenun Lestari\."):
        start_claim(scheme=scheme, shipment=parcel, by=made, at=NOW)
    take_off(claim, comment="Sent by another office", by=sari, at=LATER)  # type: ignore[operator]
    assert balance(scheme.program) == (0, 0)
    assert {*claim.papers.values_list("live", flat=True)} == {False}
    kinds = [*BudgetEntry.objects.order_by("pk").values_list("kind", flat=True)]
    assert kinds == [EntryKind.COMMITTED, EntryKind.RELEASED]
    approved(scheme, parcel, by=made, desk=sari)
    assert balance(scheme.program) == (800_000, 0)


def test_claim_taken_off_before_it_was_approved_moves_no_money(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User
) -> None:
    reject_claim(verified(scheme, parcel, by=made, desk=sari), comment="Not a sample", by=sari, at=NOW)
    assert not BudgetEntry.objects.exists()


def test_paid_claim_is_not_taken_off(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, joko: User
) -> None:
    claim = paid(scheme, parcel, by=made, desk=sari, payer=joko)
    with pytest.raises(MoveRefused):
        reject_claim(claim, comment="Late", by=sari, at=LATER)
    with pytest.raises(MoveRefused):
        cancel_claim(claim, comment="Late", by=made, at=LATER)
    assert balance(scheme.program) == (0, 800_000)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"paid_on": date(2026, 10, 2)}, "paid_on"),  # tomorrow
        ({"paid_on": date(2026, 9, 30)}, "paid_on"),  # before it was approved
        ({"payment_reference": "  "}, "payment_reference"),
        ({"payment_reference": "x" * 81}, "payment_reference"),
        ({"payment_reference": "1\x00"}, "payment_reference"),
    ],
)
def test_payment_has_a_day_and_a_reference(
    scheme: SubsidyScheme,
    parcel: Shipment,
    made: User,
    sari: User,
    joko: User,
    given: dict[str, object],
    field: str,
) -> None:
    claim = approved(scheme, parcel, by=made, desk=sari)
    right = {"paid_on": date(2026, 10, 1), "payment_reference": "SP2D 1"}
    with pytest.raises(ValidationError) as refusal:
        pay_claim(claim, **{**right, **given}, by=joko, at=NOW + timedelta(hours=4))  # type: ignore[arg-type]
    assert set(refusal.value.error_dict) == {field}
    assert balance(scheme.program) == (800_000, 0)


@pytest.mark.parametrize("comment", ["", "   ", "x" * 601, "a\x00"])
def test_decision_against_a_claim_says_why(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, comment: str
) -> None:
    claim = submitted(scheme, parcel, by=made)
    for act in (return_claim, reject_claim, cancel_claim):
        with pytest.raises(ValidationError) as refusal:
            act(claim, comment=comment, by=sari, at=NOW)
        assert set(refusal.value.error_dict) == {"comment"}
    assert SubsidyClaim.objects.get().state == ClaimState.SUBMITTED


# The slower hand


def test_slower_hand_is_told(scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, dewi: User) -> None:
    claim = submitted(scheme, parcel, by=made)
    stale = SubsidyClaim.objects.get(pk=claim.pk)
    verify_claim(claim, by=sari, at=NOW)
    with pytest.raises(RowMoved):
        verify_claim(stale, by=dewi, at=NOW)
    with pytest.raises(RowMoved):
        reject_claim(stale, comment="No", by=dewi, at=NOW)
    assert told(claim)[-1] == "verified"


def test_decision_on_an_older_version_is_refused(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, dewi: User
) -> None:
    claim = verified(scheme, parcel, by=made, desk=sari)
    stale = SubsidyClaim.objects.get(pk=claim.pk)
    return_claim(claim, comment="Ask for less", by=sari, at=LATER)
    change_claim(claim, requested=Decimal(100_000), by=made, at=LATER)
    submit_claim(claim, by=made, at=LATER)
    verify_claim(claim, by=sari, at=LATER)
    with pytest.raises(RowMoved):
        approve_claim(stale, by=dewi, at=LATER)
    assert balance(scheme.program) == (0, 0)


# The ledger


def test_every_program_has_its_balance(funded: Program) -> None:
    assert balance(funded) == (0, 0)


@pytest.mark.parametrize("change", ["update", "delete"])
def test_line_of_the_ledger_is_never_changed(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, change: str
) -> None:
    approved(scheme, parcel, by=made, desk=sari)
    lines = BudgetEntry.objects.all()
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        lines.update(amount=1) if change == "update" else delete_rows("exports_budgetentry")
    assert sentence_of(error.value) == "A line of the ledger is never changed."


def test_balance_is_never_written(funded: Program) -> None:
    for delete in (False, True):
        with pytest.raises(IntegrityError) as error, transaction.atomic():
            delete_rows("exports_budget") if delete else Budget.objects.update(spent=1)
        assert sentence_of(error.value) == "A balance is never written; it follows its ledger."


@pytest.mark.parametrize(
    ("kind", "amount"),
    [(EntryKind.SPENT, 700_000), (EntryKind.RELEASED, 800_001), (EntryKind.COMMITTED, 800_000)],
)
def test_line_settles_what_was_committed(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, kind: str, amount: int
) -> None:
    claim = approved(scheme, parcel, by=made, desk=sari)
    line = BudgetEntry(program=claim.program, claim=claim, kind=kind, amount=amount, at=NOW, by=sari)
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        line.save(force_insert=True)
    said = sentence_of(error.value)
    assert said in {"Only what was committed is paid or released, and all of it.", "This claim is already committed."}
    assert balance(scheme.program) == (800_000, 0)


def test_line_beyond_the_ceiling_names_what_is_left(scheme: SubsidyScheme, parcel: Shipment, made: User) -> None:
    claim = drafted(scheme, parcel, by=made)
    line = BudgetEntry(program=claim.program, claim=claim, kind="committed", amount=5_000_001, at=NOW, by=made)
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        line.save(force_insert=True)
    assert sentence_of(error.value) == "Of the program's subsidy, Rp5.000.000 is left."


def test_ceiling_is_not_lowered_below_what_is_given(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User
) -> None:
    approved(scheme, parcel, by=made, desk=sari)
    program = Program.objects.get(pk=scheme.program_id)
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        change_program(program, subsidy_ceiling=Decimal(799_999), by=sari, at=NOW)
    assert sentence_of(error.value) == "Claims of Rp800.000 are already approved or paid; the ceiling cannot be lower."
    program.refresh_from_db()
    change_program(program, subsidy_ceiling=Decimal(800_000), by=sari, at=NOW)
    change_program(program, subsidy_ceiling=Decimal(900_000), by=sari, at=NOW)
    assert balance(program) == (800_000, 0)


def test_other_program_has_a_balance_of_its_own(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, rina: User
) -> None:
    approved(scheme, parcel, by=made, desk=sari)
    other = Program.objects.get(coordinators=rina)
    assert balance(other) == (0, 0)


def test_document_leaves_with_its_claim_only(scheme: SubsidyScheme, parcel: Shipment, made: User) -> None:
    claim = submitted(scheme, parcel, by=made)
    with pytest.raises(Refused, match="can no longer be changed"):
        remove_document(claim.papers.first(), by=made, at=NOW)  # type: ignore[arg-type]
