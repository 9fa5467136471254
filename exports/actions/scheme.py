"""What a program pays towards sending samples: drafted, opened, closed."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import User
from common.events import record
from exports.actions.columns import correct
from exports.actions.saying import refuse_unknown
from exports.models import SubsidyScheme
from exports.states import SchemeState
from programs.models import Program

COLUMNS = frozenset({"name", "share", "ceiling_per_claim", "ceiling_per_unit", "window_days", "documents"})
VERBS = {SchemeState.OPEN: "opened", SchemeState.CLOSED: "closed"}


@transaction.atomic
def create_scheme(
    *,
    program: Program,
    name: str,
    share: int,
    ceiling_per_claim: Decimal,
    ceiling_per_unit: Decimal,
    window_days: int,
    documents: Iterable[str],
    by: User,
    at: datetime,
) -> SubsidyScheme:
    """Draft a scheme; nobody claims by it until it is open."""
    scheme = SubsidyScheme(program=program, name=name, share=share, window_days=window_days)
    scheme.ceiling_per_claim, scheme.ceiling_per_unit = ceiling_per_claim, ceiling_per_unit
    scheme.documents = _each_once(documents)
    scheme.full_clean(exclude={"program"})
    scheme.save(force_insert=True)
    record(scheme, verb="created", by=by, at=at, program=program.pk)
    return scheme


@transaction.atomic
def change_scheme(scheme: SubsidyScheme, *, by: User, at: datetime, **columns: Any) -> None:
    """Change its terms; claims that are not approved yet are decided by the new ones, and the slower hand is told."""
    refuse_unknown(columns, COLUMNS, "a scheme")
    if "documents" in columns:
        columns["documents"] = _each_once(columns["documents"])
    if changed := correct(scheme, columns):
        record(scheme, verb="changed", by=by, at=at, columns=changed)


@transaction.atomic
def move_scheme(scheme: SubsidyScheme, *, to: str, by: User, at: datetime) -> None:
    """Open it for claims, or close it; claims handed in before go on."""
    origin = scheme.state
    SubsidyScheme.objects.move(scheme, to)
    record(scheme, verb=VERBS[SchemeState(to)], by=by, at=at, origin=origin, goal=to)


def _each_once(documents: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(documents))
