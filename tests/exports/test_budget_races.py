"""Many hands on one budget, each on a connection of its own.

Between look and write there is a forced pause: without it a race test proves nothing. Each guard has a twin in which it
is taken away, and there the race shows.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from time import sleep
from typing import Any

import pytest
from django.db import IntegrityError, connection

from accounts.models import User
from common.constraints import sentence_of
from common.errors import Refused, RowMoved
from common.models import Event
from exports.actions import (
    approve_claim,
    cancel_claim,
    deciding,
    pay_claim,
    reject_claim,
)
from exports.actions.advancing import enter
from exports.models import BudgetEntry, Shipment, SubsidyClaim, SubsidyScheme
from exports.states import ClaimState, EntryKind
from programs.actions import change_program
from programs.models import Program
from tests.exports.claims import approved, balance, verified
from tests.exports.racing import slowly
from tests.factories import NOW, BusinessUnitFactory, ClaimFactory, ShipmentFactory
from tests.programs.test_races import PAUSE, Act, at_once
from villages.models import BusinessUnit

pytestmark = pytest.mark.django_db(transaction=True)

HANDS, WISHES = 20, 10  # 200 approvals
LATER = NOW + timedelta(days=1)


@pytest.fixture
def slow_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause between looking what is left and writing the line."""
    monkeypatch.setattr(deciding, "enter", slowly(enter))


@pytest.fixture
def nobody_holds_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the lock on the budget away."""
    monkeypatch.setattr(deciding, "hold_budget", lambda _key: None)


@pytest.fixture
def no_ceiling() -> Iterator[None]:
    """Take the trigger away that compares the balance with the ceiling."""
    trigger = "ALTER TABLE exports_budget {} TRIGGER budget_fits_its_ceiling"
    with connection.cursor() as cursor:
        cursor.execute(trigger.format("DISABLE"))
    yield
    with connection.cursor() as cursor:
        cursor.execute(trigger.format("ENABLE"))


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
