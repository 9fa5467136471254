"""A village is assessed: started, scored, submitted, made final, and what the database itself refuses."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from accounts.models import User
from common.constraints import sentence_of
from common.errors import MoveRefused, Refused, RowMoved
from common.models import Event
from tests import factories
from villages.actions import (
    change_assessment,
    finalise_assessment,
    score_assessment,
    start_assessment,
    submit_assessment,
)
from villages.models import Assessment, CriteriaSet, Score, Village
from villages.states import Criterion

pytestmark = pytest.mark.django_db
FULL = dict.fromkeys(Criterion.values, (3, "Seen on 12 looms."))
DAY = date(2026, 9, 24)


@pytest.fixture(autouse=True)
def english() -> Any:
    with translation.override("en"):
        yield


@pytest.fixture
def draft(parengan: Village, made: User, at: datetime) -> Assessment:
    factories.lay_criteria()
    return start_assessment(village=parengan, kind="mentor", as_of=DAY, by=made, at=at)


def verbs(row: Assessment) -> list[str]:
    return [*Event.objects.about(row).order_by("pk").values_list("verb", flat=True)]


def refused(write: Callable[[], object]) -> str:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    return sentence_of(error.value)


def test_first_set_is_laid_whole(db: None) -> None:
    first = factories.lay_criteria()
    assert [line.code for line in first.lines] == Criterion.values
    assert sum(first.weights.values()) == 10_000
    assert set(first.weights.values()) == {1250}
    assert [*first.scale] == [1, 2, 3, 4, 5]
    for line in first.lines:
        assert len(line.anchors_id) == len(line.anchors_en) == len(line.anchors) == 5
        assert len({*line.anchors_id, *line.anchors_en}) == 10


def test_anchors_speak_the_language_of_the_moment(db: None) -> None:
    line = factories.lay_criteria().lines[0]
    assert line.anchors[0][1].startswith("The product")
    with translation.override("id"):
        assert line.anchors[0][1].startswith("Produk")


def test_way_of_an_assessment(draft: Assessment, made: User, sari: User, at: datetime) -> None:
    score_assessment(draft, scores={"quality": (2, "")}, by=made, at=at)
    score_assessment(
        draft, scores={"quality": (2, " 11 of 40 differ "), "market": (None, "Three buyers")}, by=made, at=at
    )
    assert {row.criterion: (row.value, row.evidence) for row in draft.scores.all()} == {
        "quality": (2, "11 of 40 differ"),
        "market": (None, "Three buyers"),
    }
    assert draft.version == 3
    score_assessment(draft, scores=FULL, by=made, at=at)
    submit_assessment(draft, by=made, at=at)
    assert (draft.state, draft.submitted_by, draft.submitted_at) == ("submitted", made, at)
    finalise_assessment(draft, by=sari, at=at)
    assert (draft.state, draft.final_by, draft.final_at) == ("final", sari, at)
    assert verbs(draft) == ["started", "scored", "scored", "scored", "submitted", "finalised"]
    facts = Event.objects.about(draft).filter(verb="scored").order_by("pk").values_list("facts", flat=True)
    assert facts[1] == {"criteria": ["market", "quality"]}  # and never what was written


def test_saving_the_same_again_tells_nothing_new(draft: Assessment, made: User, at: datetime) -> None:
    for _ in range(2):
        score_assessment(draft, scores=FULL, by=made, at=at)
    assert verbs(draft) == ["started", "scored"]


def test_submitting_names_all_that_is_missing(draft: Assessment, made: User, at: datetime) -> None:
    score_assessment(draft, scores={**FULL, "finance": (None, "Books"), "village": (4, "  ")}, by=made, at=at)
    with pytest.raises(ValidationError) as missing:
        submit_assessment(draft, by=made, at=at)
    assert missing.value.message_dict == {"finance": ["Choose a score."], "village-evidence": ["Say what shows this."]}
    assert not draft.submitted_at


def test_slower_hand_is_told_and_overwrites_nothing(draft: Assessment, made: User, sari: User, at: datetime) -> None:
    other = Assessment.objects.get(pk=draft.pk)
    score_assessment(draft, scores={"quality": (4, "Checked")}, by=made, at=at)
    with pytest.raises(RowMoved):
        score_assessment(other, scores={"quality": (1, "Rushed")}, by=sari, at=at)
    with pytest.raises(RowMoved):
        score_assessment(draft, scores={"quality": (1, "Rushed")}, version=1, by=sari, at=at)
    assert draft.scores.get().value == 4


@pytest.mark.parametrize(("value", "said"), [(0, "between 1 and 5"), (6, "between 1 and 5"), (-1, "between 1 and 5")])
def test_scores_lie_within_the_scale(draft: Assessment, made: User, at: datetime, value: int, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        score_assessment(draft, scores={"quality": (value, "x")}, by=made, at=at)


@pytest.mark.parametrize("scores", [{"taste": (3, "x")}, {"quality": (3, "x" * 1001)}, {"quality": (3, "a\x00b")}])
def test_wrong_scores_are_refused_whole(draft: Assessment, made: User, at: datetime, scores: Any) -> None:
    with pytest.raises(ValidationError):
        score_assessment(draft, scores={"market": (3, "fine"), **scores}, by=made, at=at)
    assert not draft.scores.exists()
    assert Assessment.objects.get(pk=draft.pk).version == 1


def test_one_a_day_of_each_kind_and_none_of_tomorrow(
    draft: Assessment, parengan: Village, made: User, at: datetime
) -> None:
    start_assessment(village=parengan, kind="self", as_of=DAY, by=made, at=at)
    with pytest.raises(ValidationError, match="already has an assessment of this kind"):
        start_assessment(village=parengan, kind="mentor", as_of=DAY, by=made, at=at)
    with pytest.raises(ValidationError, match="today or an earlier day"):
        start_assessment(village=parengan, kind="lpei", as_of=date(2026, 10, 2), by=made, at=at)
    with pytest.raises(ValidationError, match="No criteria were in force"):
        start_assessment(village=parengan, kind="lpei", as_of=date(2001, 1, 1), by=made, at=at)
    with pytest.raises(ValidationError):
        start_assessment(village=parengan, kind="friend", as_of=DAY, by=made, at=at)


def test_criteria_are_those_in_force_on_the_day(draft: Assessment, parengan: Village, made: User, at: datetime) -> None:
    second = factories.next_criteria(in_force_from=date(2026, 9, 20))
    later = start_assessment(village=parengan, kind="self", as_of=date(2026, 9, 20), by=made, at=at)
    earlier = start_assessment(village=parengan, kind="self", as_of=date(2026, 9, 19), by=made, at=at)
    assert (later.criteria_set, earlier.criteria_set) == (second, draft.criteria_set)
    with pytest.raises(ValidationError, match="Other criteria"):
        change_assessment(earlier, kind="self", as_of=date(2026, 9, 21), by=made, at=at)


def test_draft_is_corrected_and_what_was_handed_in_is_not(draft: Assessment, made: User, at: datetime) -> None:
    change_assessment(draft, kind="self", as_of=date(2026, 9, 2), by=made, at=at)
    change_assessment(draft, kind="self", as_of=date(2026, 9, 2), by=made, at=at)
    assert verbs(draft) == ["started", "changed"]
    score_assessment(draft, scores=FULL, by=made, at=at)
    submit_assessment(draft, by=made, at=at)
    acts: list[Callable[[], object]] = [
        lambda: change_assessment(draft, kind="mentor", as_of=DAY, by=made, at=at),
        lambda: score_assessment(draft, scores=FULL, by=made, at=at),
        lambda: submit_assessment(draft, by=made, at=at),
    ]
    for act in acts:
        with pytest.raises(Refused, match="can no longer be changed"):
            act()


def test_final_needs_another_hand_and_comes_once(draft: Assessment, made: User, sari: User, at: datetime) -> None:
    with pytest.raises(MoveRefused):
        finalise_assessment(draft, by=made, at=at)
    score_assessment(draft, scores=FULL, by=made, at=at)
    submit_assessment(draft, by=made, at=at)
    stale = Assessment.objects.get(pk=draft.pk)
    with pytest.raises(Refused, match="ask a colleague"):
        finalise_assessment(draft, by=made, at=at)
    finalise_assessment(draft, by=sari, at=at)
    with pytest.raises(RowMoved):
        finalise_assessment(stale, by=sari, at=at)
    assert verbs(draft).count("finalised") == 1


# -- What the database holds, whatever the code above it does ---------------------------------------------------------


def test_database_keeps_a_final_assessment(parengan: Village) -> None:
    row = factories.assessed(village=parengan)
    rows = Assessment.objects.filter(pk=row.pk)
    assert refused(lambda: rows.update(kind="self")) == "A final assessment is never changed."
    assert refused(lambda: rows.update(state="draft")) == "A final assessment is never changed."
    assert refused(lambda: row.scores.update(value=5)) == "Scores change while the assessment is a draft."
    assert refused(lambda: row.scores.all().delete()) == "Scores change while the assessment is a draft."
    assert refused(
        lambda: Score.objects.filter(pk=row.scores.all()[0].pk).update(assessment=factories.AssessmentFactory.create())
    ).startswith("Scores change")


def test_database_submits_complete_ones_only(draft: Assessment, made: User, at: datetime) -> None:
    Score.objects.bulk_create(
        Score(assessment=draft, criterion=code, value=3, evidence=" " if code == "market" else "x")
        for code in Criterion.values
    )
    told = refused(
        lambda: Assessment.objects.filter(pk=draft.pk).update(state="submitted", submitted_at=at, submitted_by=made)
    )
    assert told == "An assessment is submitted with all eight scores and their evidence."


def test_database_keeps_scores_on_the_scale_and_sets_in_place(draft: Assessment, at: datetime, made: User) -> None:
    write = Score.objects.create
    assert refused(lambda: write(assessment=draft, criterion="market", value=6)).startswith("A score lies within")
    assert refused(lambda: write(assessment=draft, criterion="taste", value=3)).startswith("There are eight criteria")
    rows = Assessment.objects.filter(pk=draft.pk)
    assert refused(lambda: rows.update(criteria_set=factories.next_criteria())).startswith("An assessment stays")
    unpublished = CriteriaSet.objects.create(name="Open", in_force_from=DAY)
    told = refused(lambda: factories.AssessmentFactory.create(village=draft.village, criteria_set=unpublished))
    assert told == "An assessment follows criteria that are published."


def test_database_asks_for_two_people(draft: Assessment, made: User, at: datetime) -> None:
    row = factories.assessed(village=draft.village, kind="lpei", state="submitted", by=made)
    told = refused(lambda: Assessment.objects.filter(pk=row.pk).update(state="final", final_at=at, final_by=made))
    assert told == "Who submitted an assessment does not make it final; ask a colleague."
    told = refused(lambda: Assessment.objects.filter(pk=row.pk).update(state="final"))
    assert told == "An assessment is made final by someone, at a moment."
