"""Many hands on one year, one waybill, one document and one claim, each on a connection of its own.

Between look and write there is a forced pause: without it a race test proves nothing. Each guard has a twin in which it
is taken away, and there the race shows.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from accounts.models import User
from common.errors import Refused, RowMoved
from common.models import Event
from exports.actions import (
    add_document,
    cancel_claim,
    change_scheme,
    change_shipment,
    deciding,
    reject_claim,
    start_claim,
    submit_claim,
    twins,
    verify_claim,
)
from exports.actions import (
    claim as claiming,
)
from exports.actions import (
    shipment as shipping,
)
from exports.limits import most_claimable
from exports.models import ClaimDocument, Shipment, SubsidyClaim, SubsidyScheme
from exports.states import ClaimState
from tests.exports.claims import drafted, pdf, submitted
from tests.exports.racing import slowly, without
from tests.factories import NOW, BusinessUnitFactory, ShipmentFactory
from tests.programs.test_races import Act, at_once
from villages.models import BusinessUnit

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def slow_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause between looking at the bounds and writing the claim."""
    monkeypatch.setattr(claiming, "most_claimable", slowly(most_claimable, before=False))


@pytest.fixture
def slow_twins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause between looking for another claim and writing this one."""
    monkeypatch.setattr(twins, "_refuse", slowly(twins._refuse, before=False))  # noqa: SLF001  where the pause belongs


@pytest.fixture
def nobody_holds_the_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the lock on the unit away."""
    for place in (claiming, deciding, shipping):
        monkeypatch.setattr(place, "hold_unit", lambda _key: None)


@pytest.fixture
def waybills_repeat() -> Iterator[None]:
    yield from without(SubsidyClaim, "waybill_is_claimed_once", SubsidyClaim)


@pytest.fixture
def documents_repeat() -> Iterator[None]:
    yield from without(ClaimDocument, "document_is_claimed_once", ClaimDocument)


def begin(scheme: SubsidyScheme, parcel: Shipment, by: User) -> Act:
    return lambda: start_claim(scheme=scheme, shipment=parcel, by=by, at=NOW)


def two_parcels(scheme: SubsidyScheme, group: BusinessUnit, by: User) -> list[Act]:
    """Two parcels of one unit, whose year has room for one claim."""
    change_scheme(scheme, ceiling_per_claim=800_000, ceiling_per_unit=900_000, by=by, at=NOW)
    parcels = [ShipmentFactory.create(business_unit=group) for _ in range(2)]
    return [begin(scheme, parcel, by) for parcel in parcels]


@pytest.mark.usefixtures("slow_look")
def test_year_of_a_unit_is_given_once(scheme: SubsidyScheme, group: BusinessUnit, sari: User) -> None:
    assert at_once(*two_parcels(scheme, group, sari)) == [None, None]
    assert sorted(map(int, SubsidyClaim.objects.values_list("requested", flat=True))) == [100_000, 800_000]


@pytest.mark.usefixtures("slow_look", "nobody_holds_the_unit")
def test_without_the_lock_the_year_is_given_twice(scheme: SubsidyScheme, group: BusinessUnit, sari: User) -> None:
    assert at_once(*two_parcels(scheme, group, sari)) == [None, None]
    assert sorted(map(int, SubsidyClaim.objects.values_list("requested", flat=True))) == [800_000, 800_000]


def same_waybill(scheme: SubsidyScheme, group: BusinessUnit, hands: list[User]) -> list[Act]:
    """Two units that claim for one waybill, written in two ways."""
    units = [group, BusinessUnitFactory.create(village=group.village)]
    written = ["EE 777 ID", "ee-777-id"]
    parcels = [
        ShipmentFactory.create(business_unit=unit, waybill=waybill)
        for unit, waybill in zip(units, written, strict=True)
    ]
    return [begin(scheme, parcel, by) for parcel, by in zip(parcels, hands, strict=True)]


@pytest.mark.usefixtures("slow_twins")
def test_same_waybill_at_once_is_claimed_once_and_the_other_is_named(
    scheme: SubsidyScheme, group: BusinessUnit, sari: User, dewi: User
) -> None:
    (refusal,) = [error for error in at_once(*same_waybill(scheme, group, [sari, dewi])) if error]
    claim = SubsidyClaim.objects.get()
    assert isinstance(refusal, Refused)
    assert str(refusal) == f"This waybill is already part of claim #{claim.pk} of {claim.business_unit.name}."


@pytest.mark.usefixtures("slow_twins", "waybills_repeat")
def test_without_the_constraint_one_waybill_is_claimed_twice(
    scheme: SubsidyScheme, group: BusinessUnit, sari: User, dewi: User
) -> None:
    assert at_once(*same_waybill(scheme, group, [sari, dewi])) == [None, None]
    assert SubsidyClaim.objects.values("waybill_key").distinct().count() == 1
    assert SubsidyClaim.objects.count() == 2


def same_document(scheme: SubsidyScheme, group: BusinessUnit, hands: list[User]) -> list[Act]:
    """Two claims of two units that are shown by one receipt."""
    units, receipt = [group, BusinessUnitFactory.create(village=group.village)], pdf("one receipt")
    claims = [
        start_claim(scheme=scheme, shipment=ShipmentFactory.create(business_unit=unit), by=hands[0], at=NOW)
        for unit in units
    ]
    given: dict[str, Any] = {"kind": "receipt", "content": receipt, "media_type": "application/pdf", "at": NOW}
    return [partial(add_document, claim, **given, by=by) for claim, by in zip(claims, hands, strict=True)]


@pytest.mark.usefixtures("slow_twins")
def test_same_document_at_once_shows_one_claim_and_the_other_is_named(
    scheme: SubsidyScheme, group: BusinessUnit, sari: User, dewi: User
) -> None:
    (refusal,) = [error for error in at_once(*same_document(scheme, group, [sari, dewi])) if error]
    claim = ClaimDocument.objects.get().claim
    assert isinstance(refusal, Refused)
    assert str(refusal) == f"This document is already part of claim #{claim.pk} of {claim.business_unit.name}."


@pytest.mark.usefixtures("slow_twins", "documents_repeat")
def test_without_the_constraint_one_document_shows_two_claims(
    scheme: SubsidyScheme, group: BusinessUnit, sari: User, dewi: User
) -> None:
    assert at_once(*same_document(scheme, group, [sari, dewi])) == [None, None]
    assert ClaimDocument.objects.count() == 2


def cheaper_and_handed_in(scheme: SubsidyScheme, parcel: Shipment, made: User) -> list[Act]:
    """A claim for 800,000 is handed in while its parcel is said to have cost 100,000."""
    claim = drafted(scheme, parcel, by=made)
    return [
        lambda: submit_claim(SubsidyClaim.objects.get(pk=claim.pk), by=made, at=NOW),
        lambda: change_shipment(Shipment.objects.get(pk=parcel.pk), cost=Decimal(100_000), by=made, at=NOW),
    ]


@pytest.mark.usefixtures("slow_look")
def test_cost_does_not_change_under_a_claim_that_is_handed_in(
    scheme: SubsidyScheme, parcel: Shipment, made: User
) -> None:
    raised = at_once(*cheaper_and_handed_in(scheme, parcel, made))
    assert sum(error is not None for error in raised) == 1
    parcel.refresh_from_db()
    state = SubsidyClaim.objects.get().state
    assert (state, int(parcel.cost)) in {(ClaimState.SUBMITTED, 1_000_000), (ClaimState.DRAFT, 100_000)}


@pytest.mark.usefixtures("slow_look", "nobody_holds_the_unit")
def test_without_the_lock_a_claim_is_more_than_its_share(scheme: SubsidyScheme, parcel: Shipment, made: User) -> None:
    assert at_once(*cheaper_and_handed_in(scheme, parcel, made)) == [None, None]
    parcel.refresh_from_db()
    assert (SubsidyClaim.objects.get().state, int(parcel.cost)) == (ClaimState.SUBMITTED, 100_000)


def test_one_claim_is_decided_once_whoever_comes(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, dewi: User
) -> None:
    claim = submitted(scheme, parcel, by=made)
    rows = [SubsidyClaim.objects.get(pk=claim.pk) for _ in range(4)]
    raised = at_once(
        lambda: verify_claim(rows[0], by=sari, at=LATER),
        lambda: verify_claim(rows[1], by=dewi, at=LATER),
        lambda: reject_claim(rows[2], comment="No sample", by=dewi, at=LATER),
        lambda: cancel_claim(rows[3], comment="Sent twice", by=made, at=LATER),
    )
    assert Counter(type(error) for error in raised) == {type(None): 1, RowMoved: 3}
    assert Event.objects.about(claim).count() == 5  # started, two documents, submitted, and one decision
