"""A village is assessed on the eight criteria: started, scored, submitted, and made final by another hand."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from common.dates import local_date
from common.errors import Refused, RowMoved
from common.events import record
from villages.models import Assessment, CriteriaSet, Score, Village
from villages.states import AssessmentState, Criterion

Scores = Mapping[str, tuple[int | None, str]]  # by criterion: value or none yet, and what shows it


@transaction.atomic
def start_assessment(*, village: Village, kind: str, as_of: date, by: User, at: datetime) -> Assessment:
    """Begin an assessment by the criteria that are in force on its day."""
    criteria_set = _set_for(as_of, village=village, at=at)
    assessment = Assessment(
        village=village, kind=kind, as_of=as_of, criteria_set=criteria_set, started_at=at, started_by=by
    )
    assessment.full_clean(exclude={"criteria_set", "started_by"})
    assessment.save(force_insert=True)
    record(assessment, verb="started", by=by, at=at, village=village.pk, kind=kind, criteria_set=criteria_set.pk)
    return assessment


@transaction.atomic
def change_assessment(assessment: Assessment, *, kind: str, as_of: date, by: User, at: datetime) -> None:
    """Correct kind or day of a draft; it stays with the criteria that it began with."""
    _refuse_closed(assessment)
    if (kind, as_of) == (assessment.kind, assessment.as_of):
        return
    if _set_for(as_of, village=assessment.village, at=at).pk != assessment.criteria_set_id:
        raise ValidationError({"as_of": _("Other criteria were in force on that day: start a new assessment.")})
    assessment.kind, assessment.as_of = kind, as_of
    assessment.full_clean(exclude={"criteria_set", "started_by"})
    if not Assessment.objects.filter(pk=assessment.pk, state=AssessmentState.DRAFT).update(kind=kind, as_of=as_of):
        raise RowMoved(assessment)
    record(assessment, verb="changed", by=by, at=at, kind=kind, as_of=as_of.isoformat())


@transaction.atomic
def score_assessment(
    assessment: Assessment, *, scores: Scores, by: User, at: datetime, version: int | None = None
) -> None:
    """Keep what was scored so far; criteria left out stay as they are, and who wrote on an old version is told."""
    _refuse_closed(assessment)
    given = {code: (value, evidence.strip()) for code, (value, evidence) in scores.items()}
    rows = [
        Score(assessment=assessment, criterion=code, value=value, evidence=said)
        for code, (value, said) in given.items()
    ]
    for row in rows:
        _check_score(row, assessment.criteria_set)
    read = Assessment.objects.filter(pk=assessment.pk, state=AssessmentState.DRAFT)
    if not read.filter(version=version or assessment.version).update(version=F("version") + 1):
        raise RowMoved(assessment)
    known = {score.criterion: (score.value, score.evidence) for score in assessment.scores.all()}
    changed = sorted(code for code, pair in given.items() if pair != known.get(code, (None, "")))
    Score.objects.bulk_create(
        [row for row in rows if row.criterion in changed],
        update_conflicts=True,
        unique_fields=["assessment", "criterion"],
        update_fields=["value", "evidence"],
    )
    assessment.refresh_from_db()
    if changed:
        record(assessment, verb="scored", by=by, at=at, criteria=changed)


@transaction.atomic
def submit_assessment(assessment: Assessment, *, by: User, at: datetime) -> None:
    """Hand it in; all eight criteria have a value and something that shows it."""
    _refuse_closed(assessment)
    if missing := missing_of(assessment.scores.all()):
        raise ValidationError(missing)
    Assessment.objects.move(assessment, AssessmentState.SUBMITTED, submitted_at=at, submitted_by=by)
    record(assessment, verb="submitted", by=by, at=at, origin=AssessmentState.DRAFT, goal=AssessmentState.SUBMITTED)


@transaction.atomic
def finalise_assessment(assessment: Assessment, *, by: User, at: datetime) -> None:
    """Take it into the record, where it never changes; who submitted it asks a colleague to do this.

    An assessment decides where support goes, so two people have looked at every final one, of whatever kind.
    """
    if assessment.submitted_by_id == by.pk:
        raise Refused(_("Who submitted an assessment does not make it final; ask a colleague."))
    Assessment.objects.move(assessment, AssessmentState.FINAL, final_at=at, final_by=by)
    record(assessment, verb="finalised", by=by, at=at, origin=AssessmentState.SUBMITTED, goal=AssessmentState.FINAL)


def missing_of(scores: Iterable[Score]) -> dict[str, str]:
    """Say what keeps these scores from being submitted, by criterion, or `criterion-evidence`; empty when nothing."""
    found = {score.criterion: score for score in scores}
    missing: dict[str, str] = {}
    for code in Criterion.values:
        score = found.get(code)
        if score is None or score.value is None:
            missing[code] = _("Choose a score.")
        if score is None or not score.evidence.strip():
            missing[f"{code}-evidence"] = _("Say what shows this.")
    return missing


def _set_for(day: date, *, village: Village, at: datetime) -> CriteriaSet:
    """Find the criteria in force on a day that is not still to come."""
    if day > local_date(at, village.zone):
        raise ValidationError({"as_of": _("An assessment speaks of today or an earlier day.")})
    found: CriteriaSet | None = CriteriaSet.objects.in_force(day)
    if found is None:
        raise ValidationError({"as_of": _("No criteria were in force on that day.")})
    return found


def _check_score(row: Score, criteria_set: CriteriaSet) -> None:
    if row.criterion not in Criterion.values:
        raise ValidationError(_("There are eight criteria; this is none of them."), code="criterion")
    if row.value is not None and row.value not in criteria_set.scale:
        said = _("A score lies between %(lowest)d and %(highest)d.")
        raise ValidationError({row.criterion: said % {"lowest": criteria_set.lowest, "highest": criteria_set.highest}})
    try:
        row.clean_fields(exclude={"assessment"})
    except ValidationError as error:
        raise ValidationError({f"{row.criterion}-evidence": error.messages}) from None


def _refuse_closed(assessment: Assessment) -> None:
    """Refuse to write in what was handed in."""
    if not assessment.is_draft:
        raise Refused(_("This assessment was submitted and can no longer be changed."))
