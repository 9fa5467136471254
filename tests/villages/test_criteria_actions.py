"""Sets of criteria: drafted from the last, worded, weighed, published, kept."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from accounts.models import User
from common.constraints import sentence_of
from common.errors import Refused
from common.models import Event
from tests import factories
from villages.actions import Wording, change_criteria_set, draft_criteria_set, publish_criteria_set
from villages.models import CriteriaSet, CriterionDefinition

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 1)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def draft(admin: User, at: datetime) -> CriteriaSet:
    factories.lay_criteria()
    return draft_criteria_set(name="Second set", in_force_from=DAY, by=admin, at=at)


def wordings(criteria_set: CriteriaSet) -> dict[str, Wording]:
    return {
        line.code: Wording(line.weight, tuple(line.anchors_id), tuple(line.anchors_en)) for line in criteria_set.lines
    }


def weigh(criteria_set: CriteriaSet, by: User, at: datetime, **weights: int) -> None:
    words = wordings(criteria_set)
    given = words | {code: replace(words[code], weight=weight) for code, weight in weights.items()}
    told = {"name": criteria_set.name, "source": criteria_set.source, "in_force_from": criteria_set.in_force_from}
    change_criteria_set(criteria_set, **told, wordings=given, by=by, at=at)  # type: ignore[arg-type]


def refused(write: object) -> str:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()  # type: ignore[operator]
    return sentence_of(error.value)


def test_draft_begins_as_a_copy(draft: CriteriaSet) -> None:
    assert (draft.state, draft.published_at) == ("draft", None)
    assert wordings(draft) == wordings(factories.lay_criteria())


def test_draft_needs_a_name_of_its_own(draft: CriteriaSet, admin: User, at: datetime) -> None:
    with pytest.raises(ValidationError, match="already exists"):
        draft_criteria_set(name=" Second set ", in_force_from=DAY, by=admin, at=at)


def test_set_is_weighed_published_and_then_kept(draft: CriteriaSet, admin: User, at: datetime) -> None:
    weigh(draft, admin, at, quality=2000, finance=500)
    assert (draft.weights["quality"], draft.weights["finance"]) == (2000, 500)
    publish_criteria_set(draft, by=admin, at=at)
    assert (draft.state, draft.published_by, draft.published_at) == ("published", admin, at)
    with pytest.raises(Refused, match="never changed"):
        publish_criteria_set(draft, by=admin, at=at)
    with pytest.raises(Refused, match="never changed"):
        weigh(draft, admin, at, quality=1)
    verbs = Event.objects.about(draft).order_by("pk").values_list("verb", flat=True)
    assert [*verbs] == ["drafted", "changed", "published"]
    assert CriteriaSet.objects.in_force(DAY) == draft
    assert CriteriaSet.objects.in_force(date(2026, 10, 31)) == factories.lay_criteria()


def test_weights_that_do_not_sum_to_a_hundred_are_not_published(draft: CriteriaSet, admin: User, at: datetime) -> None:
    weigh(draft, admin, at, quality=1251)
    with pytest.raises(ValidationError, match="sum to 100,01 percent"):
        publish_criteria_set(draft, by=admin, at=at)
    rows = CriteriaSet.objects.filter(pk=draft.pk)
    assert refused(lambda: rows.update(state="published")) == "The weights of the eight criteria sum to 100 percent."


def test_set_comes_into_force_today_or_later_and_alone_on_its_day(
    draft: CriteriaSet, admin: User, at: datetime
) -> None:
    CriteriaSet.objects.filter(pk=draft.pk).update(in_force_from=date(2026, 9, 30))
    draft.refresh_from_db()
    with pytest.raises(ValidationError, match="today or on a later day"):
        publish_criteria_set(draft, by=admin, at=at)
    factories.next_criteria(name="Third", in_force_from=DAY)
    CriteriaSet.objects.filter(pk=draft.pk).update(in_force_from=DAY)
    draft.refresh_from_db()
    told = refused(lambda: publish_criteria_set(draft, by=admin, at=at))
    assert told == "Another set of criteria comes into force on that day."


@pytest.mark.parametrize("words", [("a", "b", "c", "d"), ("a", "b", "c", "d", " "), ("a", "b", "c", "d", "e" * 241)])
def test_every_value_is_explained(draft: CriteriaSet, admin: User, at: datetime, words: tuple[str, ...]) -> None:
    given = {"quality": replace(wordings(draft)["quality"], anchors_en=words)}
    with pytest.raises(ValidationError):
        change_criteria_set(draft, name="x", source="", in_force_from=DAY, wordings=given, by=admin, at=at)
    draft.refresh_from_db()
    assert draft.name == "Second set"


def test_database_publishes_whole_sets_only(draft: CriteriaSet) -> None:
    bare = CriteriaSet.objects.create(name="Bare", in_force_from=date(2027, 1, 1))
    whole = "A set is published with all eight criteria and every value explained."
    assert refused(lambda: CriteriaSet.objects.filter(pk=bare.pk).update(state="published")) == whole
    draft.definitions.filter(code="market").update(anchors_en=["a", "b", "c", "d", ""])
    assert refused(lambda: CriteriaSet.objects.filter(pk=draft.pk).update(state="published")) == whole
    assert (
        refused(lambda: CriteriaSet.objects.create(name="At once", in_force_from=date(2027, 1, 2), state="published"))
        == whole
    )


def test_database_keeps_what_is_published() -> None:
    first = factories.lay_criteria()
    kept = "A published set of criteria is never changed; draft a new one."
    rows = CriteriaSet.objects.filter(pk=first.pk)
    assert refused(lambda: rows.update(name="Other")) == kept
    assert refused(lambda: rows.update(state="draft")) == kept
    assert refused(lambda: first.definitions.update(weight=1)) == kept
    assert refused(lambda: first.definitions.filter(code="market").delete()) == kept
    line = first.lines[0]
    extra = CriterionDefinition(criteria_set=first, code="taste", weight=1, anchors_id=[], anchors_en=line.anchors_en)
    assert refused(extra.save) == kept
