"""Samples, parcels and schemes: written down, sent, corrected, answered."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from common.constraints import sentence_of
from common.errors import MoveRefused, Refused, RowMoved
from common.models import Event
from exports.actions import (
    cancel_claim,
    change_sample,
    change_scheme,
    change_shipment,
    create_scheme,
    move_scheme,
    note_answer,
    note_delivery,
    register_sample,
    return_claim,
    ship_samples,
    start_claim,
)
from exports.models import Sample, Shipment, SubsidyClaim, SubsidyScheme
from exports.states import Answer, DocumentKind, SchemeState
from programs.models import Cohort, Program
from tests.exports.claims import submitted
from tests.factories import NOW, BusinessUnitFactory, BuyerFactory, CohortFactory, SampleFactory, ShipmentFactory
from villages.models import BusinessUnit

TODAY = date(2026, 10, 1)


def told(row: Any) -> list[str]:
    """List the verbs of a row's history."""
    return [*Event.objects.about(row).order_by("pk").values_list("verb", flat=True)]


def send(group: BusinessUnit, samples: list[Sample], by: User, **changes: Any) -> Shipment:
    """Send samples to Japan today."""
    given: dict[str, Any] = {"buyer": None, "country": "JP", "courier": "Pos Indonesia", "waybill": "EE1ID"}
    given |= {"shipped_on": TODAY, "cost": Decimal(750_000), **changes}
    return ship_samples(business_unit=group, samples=samples, **given, by=by, at=NOW)


def test_samples_travel_as_one_parcel(group: BusinessUnit, made: User) -> None:
    cloth = register_sample(
        business_unit=group, product="Ikat 2 m", quantity=Decimal(2), unit="pcs", remark="Indigo", by=made, at=NOW
    )
    scarf = register_sample(business_unit=group, product="Scarf", quantity=Decimal("0.5"), unit="kodi", by=made, at=NOW)
    change_sample(scarf, product="Scarf, natural dye", by=made, at=NOW)
    change_sample(scarf, product="Scarf, natural dye", by=made, at=NOW)
    buyer = BuyerFactory.create()
    shipment = send(group, [cloth, scarf], made, buyer=buyer)
    assert {*shipment.samples.values_list("product", flat=True)} == {"Ikat 2 m", "Scarf, natural dye"}
    assert (shipment.buyer, shipment.answer, shipment.started_by) == (buyer, Answer.AWAITED, made)
    assert (told(scarf), told(shipment)) == (["registered", "changed"], ["shipped"])
    scarf.refresh_from_db()
    with pytest.raises(Refused, match="was sent"):
        change_sample(scarf, product="Other", by=made, at=NOW)
    with pytest.raises(Refused, match=r"Already sent: Scarf, natural dye\."):
        send(group, [scarf], made)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"product": ""}, "product"),
        ({"product": "a\x00"}, "product"),
        ({"quantity": Decimal(0)}, "__all__"),
        ({"quantity": Decimal("0.0001")}, "quantity"),
        ({"unit": "x" * 41}, "unit"),
        ({"remark": "x" * 301}, "remark"),
    ],
)
def test_wrong_sample_is_refused_by_field(group: BusinessUnit, made: User, given: dict[str, Any], field: str) -> None:
    right: dict[str, Any] = {"product": "Ikat", "quantity": Decimal(1), "unit": "pcs"}
    with pytest.raises(ValidationError) as refusal:
        register_sample(business_unit=group, **{**right, **given}, by=made, at=NOW)
    assert set(refusal.value.error_dict) == {field}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"shipped_on": TODAY + timedelta(days=1)}, "shipped_on"),
        ({"cost": Decimal(-1)}, "cost"),
        ({"country": "Japan"}, "country"),
        ({"country": "jp"}, "country"),
        ({"country": "XX"}, "country"),
        ({"waybill": "---"}, "waybill"),
        ({"courier": "..."}, "waybill"),
        ({"waybill": ""}, "waybill"),
        ({"courier": "x" * 61}, "courier"),
    ],
)
def test_wrong_parcel_is_refused_by_field(group: BusinessUnit, made: User, given: dict[str, Any], field: str) -> None:
    sample = SampleFactory.create(business_unit=group)
    with pytest.raises(ValidationError) as refusal:
        send(group, [sample], made, **given)
    assert field in refusal.value.error_dict
    assert not Shipment.objects.exists()
    sample.refresh_from_db()
    assert sample.shipment is None


def test_parcel_carries_waiting_samples_of_one_unit(group: BusinessUnit, made: User) -> None:
    with pytest.raises(ValidationError, match="Choose the samples"):
        send(group, [], made)
    with pytest.raises(ValidationError, match="one business unit"):
        send(group, [SampleFactory.create()], made)


def test_sample_goes_once_when_two_hands_send_it(group: BusinessUnit, made: User, sari: User) -> None:
    sample = SampleFactory.create(business_unit=group)
    stale = Sample.objects.get(pk=sample.pk)
    send(group, [sample], made)
    with pytest.raises(RowMoved):
        send(group, [stale], sari, waybill="EE2ID")
    with pytest.raises(RowMoved):
        change_sample(stale, product="Other", by=sari, at=NOW)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("Pos Indonesia", "EE 123 ID"), ("POS INDONESIA", "ee-123-id")),
        (("J&T", "JP/1"), ("j t", "jp1")),
    ],
)
def test_waybills_compare_by_letters_and_digits(first: tuple[str, str], second: tuple[str, str]) -> None:
    keys = {Shipment(courier=courier, waybill=waybill).waybill_key for courier, waybill in (first, second)}
    assert len(keys) == 1
    for sign in "ßΐİﷺw":
        assert len(Shipment(courier=sign * 60, waybill=sign * 40).waybill_key) <= 104


def test_parcel_is_corrected_and_its_draft_follows(
    scheme: SubsidyScheme, parcel: Shipment, made: User, cohort: Cohort
) -> None:
    claim = start_claim(scheme=scheme, shipment=parcel, by=made, at=NOW)
    earlier = CohortFactory.create(
        program=cohort.program, village=cohort.village, starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31)
    )
    change_shipment(parcel, waybill="EE 999 ID", shipped_on=date(2025, 12, 30), by=made, at=NOW)
    claim.refresh_from_db()
    assert (claim.waybill_key, claim.year, claim.cohort) == ("posindonesia:ee999id", 2025, earlier)
    change_shipment(parcel, waybill="EE 999 ID", by=made, at=NOW)
    assert told(parcel) == ["changed"]


def test_cohort_that_was_chosen_stays_with_its_draft(
    scheme: SubsidyScheme, parcel: Shipment, made: User, cohort: Cohort
) -> None:
    CohortFactory.create(program=cohort.program, village=cohort.village, starts_on=date(2026, 9, 1))
    claim = start_claim(scheme=scheme, shipment=parcel, cohort=cohort, by=made, at=NOW)
    change_shipment(parcel, shipped_on=date(2026, 9, 20), by=made, at=NOW)
    claim.refresh_from_db()
    assert claim.cohort == cohort


def test_draft_does_not_follow_into_another_claims_waybill(
    scheme: SubsidyScheme, parcel: Shipment, group: BusinessUnit, made: User
) -> None:
    start_claim(scheme=scheme, shipment=parcel, by=made, at=NOW)
    other = ShipmentFactory.create(business_unit=group)
    start_claim(scheme=scheme, shipment=other, by=made, at=NOW)
    with pytest.raises(Refused, match="This waybill is already part of claim"):
        change_shipment(other, waybill=parcel.waybill, by=made, at=NOW)


@pytest.mark.parametrize(
    "change",
    [{"courier": "DHL"}, {"waybill": "X1"}, {"cost": Decimal(5)}, {"shipped_on": date(2026, 9, 1)}],
)
def test_what_a_claim_speaks_of_stays(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, change: dict[str, Any]
) -> None:
    claim = submitted(scheme, parcel, by=made)
    with pytest.raises(Refused, match=rf"Claim #{claim.pk} speaks of this parcel"):
        change_shipment(parcel, **change, by=made, at=NOW)
    change_shipment(parcel, country="KR", buyer=BuyerFactory.create(country="KR"), by=made, at=NOW)
    return_claim(claim, comment="Look at the cost", by=sari, at=NOW)
    with pytest.raises(Refused):
        change_shipment(parcel, **change, by=made, at=NOW)
    cancel_claim(claim, comment="Begin anew", by=made, at=NOW)
    change_shipment(parcel, **change, by=made, at=NOW)


def test_arrival_and_answer_are_written_down(parcel: Shipment, made: User) -> None:
    note_delivery(parcel, delivered_on=date(2026, 9, 20), by=made, at=NOW)
    note_delivery(parcel, delivered_on=date(2026, 9, 20), by=made, at=NOW)
    note_answer(parcel, answer=Answer.ORDERED, words=" Ten kodi ", answered_on=date(2026, 9, 25), by=made, at=NOW)
    parcel.refresh_from_db()
    assert (parcel.answer, parcel.answer_words, parcel.answered_on) == ("ordered", "Ten kodi", date(2026, 9, 25))
    note_answer(parcel, answer=Answer.AWAITED, words="x", answered_on=TODAY, by=made, at=NOW)
    assert (parcel.answer_words, parcel.answered_on) == ("", None)
    assert told(parcel) == ["delivered", "answered", "answered"]
    facts = [event.facts for event in Event.objects.about(parcel)]
    assert not [each for each in facts if "words" in each]


def test_news_of_a_parcel_are_written_by_one_hand_at_a_time(parcel: Shipment, made: User, sari: User) -> None:
    stale = Shipment.objects.get(pk=parcel.pk)
    said: dict[str, Any] = {"answer": Answer.ORDERED, "words": "Ten", "answered_on": TODAY}
    note_answer(parcel, **said, by=made, at=NOW)
    note_answer(parcel, **said, by=made, at=NOW)
    note_delivery(parcel, delivered_on=TODAY, by=made, at=NOW)
    with pytest.raises(RowMoved):
        note_answer(stale, answer=Answer.DECLINED, answered_on=TODAY, by=sari, at=NOW)
    stale = Shipment.objects.get(pk=parcel.pk)
    stale.delivered_on = None
    with pytest.raises(RowMoved):
        note_delivery(stale, delivered_on=date(2026, 9, 20), by=sari, at=NOW)
    parcel.refresh_from_db()
    assert (parcel.answer, parcel.delivered_on) == (Answer.ORDERED, TODAY)
    assert told(parcel) == ["answered", "delivered"]


def test_parcel_is_not_shipped_after_its_answer(parcel: Shipment, made: User) -> None:
    note_answer(parcel, answer=Answer.ORDERED, answered_on=date(2026, 9, 25), by=made, at=NOW)
    with pytest.raises(ValidationError) as refusal:
        change_shipment(parcel, shipped_on=date(2026, 9, 26), by=made, at=NOW)
    assert set(refusal.value.error_dict) == {"shipped_on"}


@pytest.mark.parametrize("day", [date(2026, 9, 9), TODAY + timedelta(days=1)])
def test_parcel_arrives_and_is_answered_between_its_day_and_today(parcel: Shipment, made: User, day: date) -> None:
    with pytest.raises(ValidationError) as refusal:
        note_delivery(parcel, delivered_on=day, by=made, at=NOW)
    assert set(refusal.value.error_dict) == {"delivered_on"}
    with pytest.raises(ValidationError) as refusal:
        note_answer(parcel, answer=Answer.DECLINED, answered_on=day, by=made, at=NOW)
    assert set(refusal.value.error_dict) == {"answered_on"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"answer": "maybe", "answered_on": TODAY},
        {"answer": "interested", "answered_on": None},
        {"answer": "interested", "answered_on": TODAY, "words": "x" * 601},
    ],
)
def test_wrong_answer_is_refused(parcel: Shipment, made: User, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        note_answer(parcel, **wrong, by=made, at=NOW)
    parcel.refresh_from_db()
    assert parcel.answer == Answer.AWAITED


# Schemes

TERMS: dict[str, Any] = {
    "name": "Sample shipping",
    "share": 80,
    "ceiling_per_claim": Decimal(3_000_000),
    "ceiling_per_unit": Decimal(9_000_000),
    "window_days": 60,
    "documents": ["waybill", "receipt", "waybill"],
}


def test_scheme_is_drafted_opened_and_closed(funded: Program, sari: User) -> None:
    scheme = create_scheme(program=funded, **TERMS, by=sari, at=NOW)
    assert (scheme.state, scheme.documents) == (SchemeState.DRAFT, ["waybill", "receipt"])
    stale = SubsidyScheme.objects.get(pk=scheme.pk)
    change_scheme(scheme, share=75, documents=[DocumentKind.WAYBILL], by=sari, at=NOW)
    with pytest.raises(RowMoved):
        change_scheme(stale, share=60, by=sari, at=NOW)
    change_scheme(scheme, share=75, by=sari, at=NOW)
    for goal in (SchemeState.OPEN, SchemeState.CLOSED, SchemeState.OPEN):
        move_scheme(scheme, to=goal, by=sari, at=NOW)
    with pytest.raises(MoveRefused):
        move_scheme(scheme, to=SchemeState.DRAFT, by=sari, at=NOW)
    assert told(scheme) == ["created", "changed", "opened", "closed", "opened"]
    scheme.refresh_from_db()
    assert (scheme.share, scheme.documents, scheme.state) == (75, ["waybill"], "open")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"share": 0}, "between 1 and 100 percent"),
        ({"share": 101}, "between 1 and 100 percent"),
        ({"ceiling_per_claim": Decimal(0)}, "both are more than 0"),
        ({"ceiling_per_unit": Decimal(1)}, "year's ceiling is not lower"),
        ({"window_days": 0}, "from 1 to 730 days"),
        ({"documents": []}, "cannot be blank"),
        ({"documents": ["poem"]}, "poem"),
        ({"name": ""}, "cannot be blank"),
    ],
)
def test_wrong_scheme_is_refused(funded: Program, sari: User, wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        create_scheme(program=funded, **{**TERMS, **wrong}, by=sari, at=NOW)
    scheme = create_scheme(program=funded, **TERMS, by=sari, at=NOW)
    with pytest.raises(ValidationError, match=said):
        change_scheme(scheme, **wrong, by=sari, at=NOW)


def test_name_of_a_scheme_is_unique_in_its_program(funded: Program, sari: User) -> None:
    create_scheme(program=funded, **TERMS, by=sari, at=NOW)
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        create_scheme(program=funded, **TERMS, by=sari, at=NOW)
    assert sentence_of(error.value) == "This program already has a scheme of this name."


def test_lower_terms_bind_what_is_not_approved_yet(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User
) -> None:
    start_claim(scheme=scheme, shipment=parcel, by=made, at=NOW)
    change_scheme(scheme, share=50, by=sari, at=NOW)
    other = ShipmentFactory.create(business_unit=BusinessUnitFactory.create(village=parcel.business_unit.village))
    assert start_claim(scheme=scheme, shipment=other, by=made, at=NOW).requested == 500_000
    assert SubsidyClaim.objects.count() == 2


def test_programmer_who_names_an_unknown_column_is_stopped(scheme: SubsidyScheme, parcel: Shipment, made: User) -> None:
    acts = (
        partial(change_scheme, scheme),
        partial(change_shipment, parcel),
        partial(change_sample, SampleFactory.create()),
    )
    for act in acts:
        with pytest.raises(TypeError, match="has no state"):
            act(state="open", by=made, at=NOW)
