"""Sets of criteria and assessments, complete and in every state."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from accounts.models import User
from accounts.states import Role
from tests.factories.base import NOW, RowFactory, from_row, one
from tests.factories.people import UserFactory, VillageFactory
from villages.models import Assessment, CriteriaSet, CriterionDefinition, Score
from villages.states import AssessmentState, Criterion, SetState

FIRST = Path(__file__).resolve().parents[2] / "villages" / "fixtures" / "criteria.json"
EVIDENCE = "Seen on 12 looms."


def lay_criteria() -> CriteriaSet:
    """Read the first set of criteria; lay it again where a test emptied the tables."""
    known = CriteriaSet.objects.filter(state=SetState.PUBLISHED).order_by("in_force_from").first()
    return known or _published(json.loads(FIRST.read_text(encoding="utf-8")))


def next_criteria(**columns: Any) -> CriteriaSet:
    """Publish one more set, in force from this September unless told otherwise."""
    given = json.loads(FIRST.read_text(encoding="utf-8"))
    return _published({**given, "name": "Second set", "in_force_from": date(2026, 9, 1), **columns})


def _published(given: dict[str, Any]) -> CriteriaSet:
    lines = given.pop("criteria")
    values = given["highest"] - given["lowest"] + 1
    for line in lines:
        line |= {name: line[name][:values] for name in ("anchors_id", "anchors_en")}
    row = CriteriaSet.objects.create(**given)
    CriterionDefinition.objects.bulk_create(CriterionDefinition(criteria_set=row, **line) for line in lines)
    row.state = SetState.PUBLISHED
    row.save()
    row.refresh_from_db()
    return row


class AssessmentFactory(RowFactory[Assessment]):
    """A mentor's draft of last week, without scores."""

    class Meta:
        model = Assessment

    village = one(VillageFactory)
    criteria_set = from_row(lambda _row: lay_criteria())
    kind = "mentor"
    as_of = date(2026, 9, 24)
    started_at = NOW - timedelta(days=7)
    started_by = from_row(lambda _row: UserFactory.create(role=Role.MENTOR))


def assessed(
    values: int | Mapping[str, int] = 3, *, state: str = AssessmentState.FINAL, by: User | None = None, **columns: Any
) -> Assessment:
    """Assess a village on all eight criteria: one value for all, or one for each."""
    row = AssessmentFactory.create(**columns)
    each = dict.fromkeys(Criterion.values, values) if isinstance(values, int) else values
    Score.objects.bulk_create(
        Score(assessment=row, criterion=code, value=each.get(code, 3), evidence=EVIDENCE) for code in Criterion.values
    )
    if state != AssessmentState.DRAFT:
        row.state, row.submitted_at, row.submitted_by = state, NOW, by or row.started_by
    if state == AssessmentState.FINAL:
        row.final_at, row.final_by = NOW, UserFactory.create()
    row.save()
    return row
