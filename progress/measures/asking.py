"""How a count is asked for: one statement, named values, and the domain's words for what counts."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import connection

from exports.states import DELIVERED as PAID
from exports.states import OFF, WAITING, ClaimState, TransactionState
from mentoring.states import ActionState, VisitState
from programs.states import CAME, DELIVERED, AttendanceState, Mode, ModuleCode, SessionState
from progress.period import Period
from villages.states import Sex

Given = Mapping[str, str | date | datetime | list[str] | list[int]]

WORDS: Final[Given] = {
    "held": [str(state) for state in DELIVERED],
    "scheduled": str(SessionState.SCHEDULED),
    "approved": str(VisitState.APPROVED),
    "submitted": str(VisitState.SUBMITTED),
    "draft": str(VisitState.DRAFT),
    "training": str(Mode.TRAINING),
    "visited": [str(Mode.VISIT), str(Mode.MENTORING)],
    "benefit": str(Mode.BENEFIT),
    "samples": str(ModuleCode.SAMPLE_SHIPPING),
    "came": [str(state) for state in CAME],
    "kept": [*map(str, CAME), str(AttendanceState.EXCUSED)],
    "open": str(ActionState.OPEN),
    "granted": [str(ClaimState.APPROVED), *map(str, PAID)],
    "paid": [str(state) for state in PAID],
    "waiting": [str(state) for state in WAITING],
    "off": [str(state) for state in OFF],
    "verified": str(TransactionState.VERIFIED),
    "said": [str(TransactionState.REPORTED), str(TransactionState.EVIDENCED)],
    "female": str(Sex.FEMALE),
}


def bounds(period: Period) -> dict[str, date | datetime | str]:
    """Name the edges of a period: moments are half-open, days are both in."""
    return {
        "start": period.start,
        "end": period.end,
        "first": period.first,
        "last": period.last,
        "zone": str(period.zone),
    }


def ask(statement: str, **given: Any) -> list[tuple[Any, ...]]:
    """Run one statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, {**WORDS, **given})
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
