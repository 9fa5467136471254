"""A claim moves one step, and the ledger has its line in the same transaction."""

from datetime import datetime
from typing import Any

from accounts.models import User
from common.events import record
from exports.models import BudgetEntry, SubsidyClaim
from exports.states import EntryKind


def advance(
    claim: SubsidyClaim, goal: str, *, verb: str, by: User, at: datetime, comment: str = "", **columns: Any
) -> None:
    """Move a claim as it was read, or say that another hand was faster; a comment is kept and told."""
    origin, said = claim.state, {"comment": comment} if comment else {}
    as_read = SubsidyClaim.objects.filter(moved_at=claim.moved_at)
    as_read.move(claim, goal, moved_at=at, **said, **columns)
    record(claim, verb=verb, by=by, at=at, origin=origin, goal=goal, **({"reason": comment} if comment else {}))


def enter(claim: SubsidyClaim, kind: EntryKind, *, by: User, at: datetime) -> None:
    """Write one line of the ledger; the balance follows it, and refuses what does not fit."""
    BudgetEntry.objects.create(
        program_id=claim.program_id, claim=claim, kind=kind, amount=claim.approved_amount, at=at, by=by
    )
