"""Many hands on one budget, one year, one waybill and one document, each on a connection of its own.

Between look and write there is a forced pause: without it a race test proves nothing. Each guard has a twin in which it
is taken away, and there the race shows.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from time import sleep
from typing import Any

import pytest
from django.db import IntegrityError, connection, models

from accounts.models import User
from common.constraints import sentence_of
from common.errors import Refused, RowMoved
from common.models import Event
from exports.actions import (
    add_document,
    approve_claim,
    cancel_claim,
    change_scheme,
    change_shipment,
    deciding,
    pay_claim,
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
from exports.actions.advancing import enter
from exports.limits import most_claimable
from exports.models import BudgetEntry, ClaimDocument, Shipment, SubsidyClaim, SubsidyScheme
from exports.states import ClaimState, EntryKind
from programs.actions import change_program
from programs.models import Program
from tests.exports.claims import approved, balance, drafted, pdf, submitted, verified
from tests.factories import NOW, BusinessUnitFactory, ClaimFactory, ShipmentFactory
from tests.programs.test_races import PAUSE, Act, at_once
from villages.models import BusinessUnit

pytestmark = pytest.mark.django_db(transaction=True)

HANDS, WISHES = 20, 10  # 200 approvals
LATER = NOW + timedelta(days=1)


def slowly(act: Callable[..., Any], *, before: bool = True) -> Callable[..., Any]:
    """Do the same after a pause, or pause after it."""

    def later(*args: Any, **given: Any) -> Any:
        if before:
            sleep(PAUSE)
        done = act(*args, **given)
        if not before:
            sleep(PAUSE)
        return done

    return later


@pytest.fixture
def slow_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause between looking what is left and writing the line."""
    monkeypatch.setattr(deciding, "enter", slowly(enter))


@pytest.fixture
def slow_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause between looking at the bounds and writing the claim."""
    monkeypatch.setattr(claiming, "most_claimable", slowly(most_claimable, before=False))


@pytest.fixture
def slow_twins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause between looking for another claim and writing this one."""
    monkeypatch.setattr(twins, "_refuse", slowly(twins._refuse, before=False))  # noqa: SLF001  where the pause belongs


@pytest.fixture
def nobody_holds_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the lock on the budget away."""
    monkeypatch.setattr(deciding, "hold_budget", lambda _key: None)


@pytest.fixture
def nobody_holds_the_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the lock on the unit away."""
    for place in (claiming, deciding, shipping):
        monkeypatch.setattr(place, "hold_unit", lambda _key: None)


@pytest.fixture
def no_ceiling() -> Iterator[None]:
    """Take the trigger away that compares the balance with the ceiling."""
    trigger = "ALTER TABLE exports_budget {} TRIGGER budget_fits_its_ceiling"
    with connection.cursor() as cursor:
        cursor.execute(trigger.format("DISABLE"))
    yield
    with connection.cursor() as cursor:
        cursor.execute(trigger.format("ENABLE"))


def without(model: type[models.Model], name: str, *rows: type[models.Model]) -> Iterator[None]:
    """Take a unique constraint away, and the rows that break it before it comes back."""
    (constraint,) = [one for one in model._meta.constraints if one.name == name]
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, constraint)
    yield
    for table in rows:
        table._default_manager.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(model, constraint)


@pytest.fixture
def waybills_repeat() -> Iterator[None]:
    yield from without(SubsidyClaim, "waybill_is_claimed_once", SubsidyClaim)


@pytest.fixture
def documents_repeat() -> Iterator[None]:
    yield from without(ClaimDocument, "document_is_claimed_once", ClaimDocument)


def many_verified(scheme: SubsidyScheme, group: BusinessUnit, by: User, *, amount: int) -> list[SubsidyClaim]:
    """Have 200 claims that wait for an approval; ten units stand behind twenty each."""
    SubsidyScheme.objects.update(ceiling_per_unit=10**9)
    units = [group, *(BusinessUnitFactory.create(village=group.village) for _ in range(9))]
    return [
        ClaimFactory.create(
            scheme=scheme,
            shipment=ShipmentFactory.create(business_unit=units[place % 10]),
            state=ClaimState.VERIFIED,
            requested=amount,
            submitted_by=by,
            verified_by=group.registered_by,
        )
        for place in range(HANDS * WISHES)
    ]


def dealt(claims: list[SubsidyClaim]) -> list[list[int]]:
    """Deal the claims out to twenty hands."""
    return [[claim.pk for claim in claims[hand::HANDS]] for hand in range(HANDS)]


def each_approves(claims: list[SubsidyClaim], by: User, said: list[Exception | None]) -> list[Act]:
    """Give twenty hands ten claims each; what became of each approval is said."""

    def approve(keys: list[int]) -> Act:
        def act() -> None:
            for key in keys:
                try:
                    approve_claim(SubsidyClaim.objects.get(pk=key), by=by, at=LATER)
                except (Refused, IntegrityError) as error:
                    said.append(error)
                else:
                    said.append(None)

        return act

    return [approve(keys) for keys in dealt(claims)]


def approve(claim: SubsidyClaim, by: User) -> Act:
    mine = SubsidyClaim.objects.get(pk=claim.pk)
    return lambda: approve_claim(mine, by=by, at=LATER)


def test_200_approvals_of_one_budget_never_overspend_and_lose_none(
    scheme: SubsidyScheme, group: BusinessUnit, made: User, sari: User
) -> None:
    Program.objects.filter(pk=scheme.program_id).update(subsidy_ceiling=12_950_000)
    claims = many_verified(scheme, group, made, amount=100_000)
    said: list[Exception | None] = []
    assert at_once(*each_approves(claims, sari, said)) == [None] * HANDS
    assert Counter(type(error) for error in said) == {type(None): 129, Refused: 71}
    assert {str(error) for error in said if error} == {"Of the program's subsidy, Rp50.000 is left."}
    assert balance(scheme.program) == (12_900_000, 0)
    kept = SubsidyClaim.objects.filter(state=ClaimState.APPROVED)
    assert kept.count() == BudgetEntry.objects.count() == Event.objects.filter(verb="approved").count() == 129
    assert {*kept.values_list("pk", flat=True)} == {*BudgetEntry.objects.values_list("claim", flat=True)}
    assert SubsidyClaim.objects.filter(state=ClaimState.VERIFIED).count() == 71


@pytest.mark.usefixtures("nobody_holds_the_budget")
def test_200_approvals_without_the_lock_are_still_held_by_the_database(
    scheme: SubsidyScheme, group: BusinessUnit, made: User, sari: User
) -> None:
    Program.objects.filter(pk=scheme.program_id).update(subsidy_ceiling=12_950_000)
    claims = many_verified(scheme, group, made, amount=100_000)
    said: list[Exception | None] = []
    at_once(*each_approves(claims, sari, said))
    assert (len(said), said.count(None)) == (200, 129)
    assert balance(scheme.program) == (12_900_000, 0)


def rivals(scheme: SubsidyScheme, group: BusinessUnit, made: User, sari: User) -> list[SubsidyClaim]:
    """Two claims of two units, and money for one of them."""
    Program.objects.filter(pk=scheme.program_id).update(subsidy_ceiling=1_000_000)
    units = [group, BusinessUnitFactory.create(village=group.village)]
    parcels = [ShipmentFactory.create(business_unit=unit) for unit in units]
    return [verified(scheme, parcel, by=made, desk=sari) for parcel in parcels]


def committed(scheme: SubsidyScheme) -> int:
    return int(sum(BudgetEntry.objects.filter(program=scheme.program_id).values_list("amount", flat=True)))


@pytest.mark.usefixtures("slow_ledger")
def test_two_approvals_at_once_get_the_money_once_and_one_sentence(
    scheme: SubsidyScheme, group: BusinessUnit, made: User, sari: User, dewi: User
) -> None:
    first, second = rivals(scheme, group, made, sari)
    (refusal,) = [error for error in at_once(approve(first, sari), approve(second, dewi)) if error]
    assert isinstance(refusal, Refused)
    assert "Rp200.000 is left" in str(refusal)
    assert balance(scheme.program) == (800_000, 0)


@pytest.mark.usefixtures("slow_ledger", "nobody_holds_the_budget")
def test_without_the_lock_the_race_shows_and_the_trigger_still_refuses(
    scheme: SubsidyScheme, group: BusinessUnit, made: User, sari: User, dewi: User
) -> None:
    first, second = rivals(scheme, group, made, sari)
    (refusal,) = [error for error in at_once(approve(first, sari), approve(second, dewi)) if error]
    assert isinstance(refusal, IntegrityError)
    assert sentence_of(refusal) == "Of the program's subsidy, Rp200.000 is left."
    assert balance(scheme.program) == (800_000, 0)


@pytest.mark.usefixtures("slow_ledger", "no_ceiling")
def test_without_the_trigger_the_lock_still_holds(
    scheme: SubsidyScheme, group: BusinessUnit, made: User, sari: User, dewi: User
) -> None:
    first, second = rivals(scheme, group, made, sari)
    (refusal,) = [error for error in at_once(approve(first, sari), approve(second, dewi)) if error]
    assert isinstance(refusal, Refused)
    assert committed(scheme) == 800_000


@pytest.mark.usefixtures("slow_ledger", "no_ceiling", "nobody_holds_the_budget")
def test_without_both_the_budget_is_overspent(
    scheme: SubsidyScheme, group: BusinessUnit, made: User, sari: User, dewi: User
) -> None:
    first, second = rivals(scheme, group, made, sari)
    assert at_once(approve(first, sari), approve(second, dewi)) == [None, None]
    assert committed(scheme) == 1_600_000


@pytest.mark.usefixtures("slow_ledger")
def test_ceiling_lowered_while_it_is_taken_from_leaves_one_truth(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, dewi: User
) -> None:
    claim = verified(scheme, parcel, by=made, desk=sari)
    program = Program.objects.get(pk=scheme.program_id)
    at_once(
        approve(claim, sari),
        lambda: change_program(program, subsidy_ceiling=Decimal(100_000), by=dewi, at=LATER),
    )
    given, _spent = balance(scheme.program)
    ceiling = Program.objects.get(pk=program.pk).subsidy_ceiling
    assert (given, int(ceiling)) in {(800_000, 5_000_000), (0, 100_000)}


def test_ceiling_waits_for_a_line_that_is_being_written(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = verified(scheme, parcel, by=made, desk=sari)
    monkeypatch.setattr(deciding, "enter", slowly(enter, before=False))  # written, and not yet committed
    program = Program.objects.get(pk=scheme.program_id)

    def lower() -> None:
        sleep(PAUSE / 2)
        change_program(program, subsidy_ceiling=Decimal(100_000), by=sari, at=LATER)

    raised = at_once(approve(claim, sari), lower)
    assert raised[0] is None
    assert isinstance(raised[1], IntegrityError)
    assert "Rp800.000" in sentence_of(raised[1])
    assert balance(scheme.program) == (800_000, 0)


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


@pytest.mark.usefixtures("slow_ledger")
def test_paid_and_cancelled_at_once_settles_the_money_once(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, joko: User
) -> None:
    claim = approved(scheme, parcel, by=made, desk=sari)
    rows = [SubsidyClaim.objects.get(pk=claim.pk) for _ in range(3)]
    payment: dict[str, Any] = {"paid_on": date(2026, 10, 2), "payment_reference": "SP2D 1", "by": joko, "at": LATER}
    raised = at_once(
        lambda: pay_claim(rows[0], **payment),
        lambda: pay_claim(rows[1], **payment),
        lambda: cancel_claim(rows[2], comment="Other money", by=made, at=LATER),
    )
    assert Counter(type(error) for error in raised) == {type(None): 1, RowMoved: 2}
    claim.refresh_from_db()
    assert balance(scheme.program) == {"paid": (0, 800_000), "cancelled": (0, 0)}[claim.state]
    assert BudgetEntry.objects.count() == 2


def test_money_comes_and_goes_under_many_hands(
    scheme: SubsidyScheme, group: BusinessUnit, made: User, sari: User, joko: User
) -> None:
    Program.objects.filter(pk=scheme.program_id).update(subsidy_ceiling=6_000_000)
    claims = many_verified(scheme, group, made, amount=100_000)

    def go_on(keys: list[int]) -> Act:
        def act() -> None:
            for key in keys:
                claim = SubsidyClaim.objects.get(pk=key)
                try:
                    approve_claim(claim, by=sari, at=LATER)
                except Refused:
                    continue
                if key % 3 == 0:
                    pay_claim(claim, paid_on=LATER.date(), payment_reference="1", by=joko, at=LATER)
                if key % 3 == 1:
                    reject_claim(claim, comment="No parcel", by=sari, at=LATER)

        return act

    assert at_once(*(go_on(keys) for keys in dealt(claims))) == [None] * HANDS
    states = Counter(SubsidyClaim.objects.values_list("state", flat=True))
    lines = Counter(BudgetEntry.objects.values_list("kind", flat=True))
    assert sum(states.values()) == HANDS * WISHES
    assert lines[EntryKind.SPENT] == states["paid"]
    assert lines[EntryKind.RELEASED] == states["rejected"]
    assert lines[EntryKind.COMMITTED] == states["paid"] + states["rejected"] + states["approved"]
    assert balance(scheme.program) == (100_000 * states["approved"], 100_000 * states["paid"])
