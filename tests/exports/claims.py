"""Claims brought as far as a test needs them, by the actions that people use."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from common.models import Event
from exports.actions import add_document, approve_claim, pay_claim, start_claim, submit_claim, verify_claim
from exports.models import Budget, BudgetEntry, Shipment, SubsidyClaim, SubsidyScheme
from exports.states import EntryKind
from programs.models import Program
from tests.factories import NOW

NUMBERS: Iterator[int] = iter(range(1, 10**9))


def pdf(words: str = "") -> bytes:
    """Write a PDF of one empty page that no other document equals."""
    body = f"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 0>>endobj % {next(NUMBERS)} {words}"
    return f"%PDF-1.4\n{body}\ntrailer<</Root 1 0 R>>\n%%EOF\n".encode()


def drafted(scheme: SubsidyScheme, parcel: Shipment, *, by: User, **given: Any) -> SubsidyClaim:
    """Begin a claim and add what its scheme asks for."""
    claim = start_claim(scheme=scheme, shipment=parcel, by=by, at=NOW, **given)
    for kind in scheme.documents:
        add_document(claim, kind=kind, content=pdf(), media_type="application/pdf", by=by, at=NOW)
    return claim


def submitted(scheme: SubsidyScheme, parcel: Shipment, *, by: User, **given: Any) -> SubsidyClaim:
    """Hand it in."""
    claim = drafted(scheme, parcel, by=by, **given)
    submit_claim(claim, by=by, at=NOW + timedelta(hours=1))
    return claim


def verified(scheme: SubsidyScheme, parcel: Shipment, *, by: User, desk: User, **given: Any) -> SubsidyClaim:
    """Have it verified by the desk."""
    claim = submitted(scheme, parcel, by=by, **given)
    verify_claim(claim, by=desk, at=NOW + timedelta(hours=2))
    return claim


def approved(scheme: SubsidyScheme, parcel: Shipment, *, by: User, desk: User, **given: Any) -> SubsidyClaim:
    """Have it approved by the same desk."""
    claim = verified(scheme, parcel, by=by, desk=desk, **given)
    approve_claim(claim, by=desk, at=NOW + timedelta(hours=3))
    return claim


def paid(scheme: SubsidyScheme, parcel: Shipment, *, by: User, desk: User, payer: User, **given: Any) -> SubsidyClaim:
    """Have it paid a week later."""
    claim = approved(scheme, parcel, by=by, desk=desk, **given)
    pay_claim(claim, paid_on=date(2026, 10, 8), payment_reference="SP2D 12", by=payer, at=NOW + timedelta(days=7))
    return claim


def balance(program: Program) -> tuple[int, int]:
    """Read what is committed and spent, once the ledger says the same."""
    budget = Budget.objects.get(program=program)
    sums = dict.fromkeys(EntryKind, Decimal(0))
    for entry in BudgetEntry.objects.filter(program=program):
        sums[EntryKind(entry.kind)] += entry.amount
    committed = sums[EntryKind.COMMITTED] - sums[EntryKind.RELEASED] - sums[EntryKind.SPENT]
    assert (budget.committed, budget.spent) == (committed, sums[EntryKind.SPENT])
    assert committed + budget.spent <= Program.objects.get(pk=program.pk).subsidy_ceiling
    return int(budget.committed), int(budget.spent)


def told(claim: SubsidyClaim) -> list[str]:
    """List the verbs of a claim's history."""
    return [*Event.objects.about(claim).order_by("pk").values_list("verb", flat=True)]
