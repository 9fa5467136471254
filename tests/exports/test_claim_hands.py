"""Three hands on one claim, what they decide, and what becomes of its money."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from common.constraints import sentence_of
from common.errors import MoveRefused, Refused, RowMoved
from exports.actions import (
    approve_claim,
    cancel_claim,
    change_claim,
    pay_claim,
    reject_claim,
    return_claim,
    start_claim,
    submit_claim,
    verify_claim,
)
from exports.models import BudgetEntry, Shipment, SubsidyClaim, SubsidyScheme
from exports.states import ClaimState, EntryKind
from programs.models import Program
from tests.exports.claims import approved, balance, paid, submitted, told, verified
from tests.factories import NOW, ShipmentFactory
from villages.models import BusinessUnit

LATER = NOW + timedelta(days=1)


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
