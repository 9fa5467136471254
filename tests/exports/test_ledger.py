"""The ledger of a program: never changed, never overspent, and its balance follows it."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from common.constraints import sentence_of
from exports.models import Budget, BudgetEntry, Shipment, SubsidyScheme
from exports.states import EntryKind
from programs.actions import change_program
from programs.models import Program
from tests.exports.claims import approved, balance, drafted
from tests.factories import NOW


def delete_rows(table: str) -> None:
    """Delete as someone at the database's own prompt would."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608  a table of ours


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
