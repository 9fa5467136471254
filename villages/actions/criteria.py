"""Sets of criteria: drafted from the last one, worded and weighed, then published for good."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.dates import local_date
from common.errors import Refused
from common.events import record
from common.zones import Zone
from villages.models import CriteriaSet, CriterionDefinition
from villages.models.assessment import WHOLE
from villages.states import Criterion, SetState


@dataclass(frozen=True)
class Wording:
    """How one criterion weighs, in basis points, and what each value of the scale means in both languages."""

    weight: int
    anchors_id: tuple[str, ...]
    anchors_en: tuple[str, ...]


@transaction.atomic
def draft_criteria_set(*, name: str, in_force_from: date, by: User, at: datetime) -> CriteriaSet:
    """Begin a new set as a copy of the one published last."""
    last = CriteriaSet.objects.filter(state=SetState.PUBLISHED).order_by("-in_force_from").first()
    if last is None:
        raise Refused(_("There is no published set to begin from."))
    draft = CriteriaSet(
        name=name.strip(), source=last.source, lowest=last.lowest, highest=last.highest, in_force_from=in_force_from
    )
    draft.full_clean()
    draft.save(force_insert=True)
    CriterionDefinition.objects.bulk_create(
        CriterionDefinition(
            criteria_set=draft,
            code=line.code,
            weight=line.weight,
            anchors_id=line.anchors_id,
            anchors_en=line.anchors_en,
        )
        for line in last.lines
    )
    record(draft, verb="drafted", by=by, at=at, copied_from=last.pk)
    return draft


@transaction.atomic
def change_criteria_set(
    criteria_set: CriteriaSet,
    *,
    name: str,
    source: str,
    in_force_from: date,
    wordings: Mapping[str, Wording],
    by: User,
    at: datetime,
) -> None:
    """Write a draft anew: its name, its day, and the criteria given."""
    held = CriteriaSet.objects.select_for_update(no_key=True).get(pk=criteria_set.pk)
    _refuse_published(held)
    held.name, held.source, held.in_force_from = name.strip(), source.strip(), in_force_from
    held.full_clean()
    held.save(update_fields=["name", "source", "in_force_from"])
    lines = [line for line in held.lines if line.code in wordings]
    for line in lines:
        _word(line, wordings[line.code], values=len(held.scale))
    CriterionDefinition.objects.bulk_update(lines, ["weight", "anchors_id", "anchors_en"])
    record(held, verb="changed", by=by, at=at, weights={line.code: line.weight for line in lines})
    criteria_set.refresh_from_db()


@transaction.atomic
def publish_criteria_set(criteria_set: CriteriaSet, *, by: User, at: datetime) -> None:
    """Bring a set into force from its day on; what was scored before stays with the set it was scored by."""
    _refuse_published(criteria_set)
    weighed = sum(criteria_set.weights.values())
    if weighed != WHOLE:
        raise ValidationError(
            _("The weights of the eight criteria sum to %(sum)s percent; they must sum to 100."),
            params={"sum": f"{weighed // 100},{weighed % 100:02}"},
        )
    if criteria_set.in_force_from < local_date(at, Zone.WIB):
        raise ValidationError({"in_force_from": _("A set comes into force today or on a later day.")})
    CriteriaSet.objects.move(criteria_set, SetState.PUBLISHED, published_at=at, published_by=by)
    record(criteria_set, verb="published", by=by, at=at, origin=SetState.DRAFT, goal=SetState.PUBLISHED)


def _word(line: CriterionDefinition, wording: Wording, *, values: int) -> None:
    """Set the words of one criterion; each value has its own."""
    line.weight = wording.weight
    line.anchors_id = [words.strip() for words in wording.anchors_id]
    line.anchors_en = [words.strip() for words in wording.anchors_en]
    spoken = [words for words in (*line.anchors_id, *line.anchors_en) if words]
    if line.code not in Criterion.values or len(spoken) != 2 * values:
        raise ValidationError(_("Say in both languages what each value means."), code="anchors")
    line.full_clean(exclude={"criteria_set"})


def _refuse_published(criteria_set: CriteriaSet) -> None:
    if criteria_set.state == SetState.PUBLISHED:
        raise Refused(_("A published set of criteria is never changed; draft a new one."))
