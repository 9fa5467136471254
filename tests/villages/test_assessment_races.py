"""Two hands on one assessment or one set of criteria at the same moment, each on a connection of its own.

The slower hand has looked before the faster one wrote. Where a trigger holds the promise, a twin takes the trigger
away, and there the race shows.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from time import sleep
from typing import Any

import pytest
from django.db import IntegrityError, connection

from accounts.models import User
from common.constraints import sentence_of
from common.errors import RowMoved
from common.models import Event
from tests import factories
from tests.factories import NOW
from tests.programs.test_races import at_once
from tests.villages.test_criteria_actions import wordings
from villages.actions import (
    assessment as assessing,
)
from villages.actions import (
    change_criteria_set,
    draft_criteria_set,
    finalise_assessment,
    publish_criteria_set,
    score_assessment,
    submit_assessment,
)
from villages.actions import (
    criteria as setting,
)
from villages.models import Assessment, CriteriaSet, Village

pytestmark = pytest.mark.django_db(transaction=True)
PAUSE = 0.4


@contextmanager
def trigger_off(table: str, name: str) -> Iterator[None]:
    """Take one guard away, for the twin."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
        try:
            yield
        finally:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {name}")


def slowly(write: Callable[..., object]) -> Callable[..., object]:
    """Do the same, and wait before the transaction ends."""

    def later(*rows: Any, **facts: Any) -> object:
        written = write(*rows, **facts)
        sleep(PAUSE if facts.get("verb") in {"scored", "changed"} else 0)
        return written

    return later


@pytest.fixture
def _slow_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (assessing, setting):
        monkeypatch.setattr(module, "record", slowly(module.record))


def test_many_hands_that_read_one_version_write_once(parengan: Village, made: User) -> None:
    row = factories.assessed(village=parengan, state="draft")
    hands = [Assessment.objects.get(pk=row.pk) for _ in range(8)]

    def write(place: int) -> None:
        score_assessment(hands[place], scores={"quality": (1 + place % 2, f"hand {place}")}, by=made, at=NOW)

    raised = at_once(*(lambda place=place: write(place) for place in range(8)))
    assert sorted(type(error).__name__ for error in raised) == ["NoneType", *["RowMoved"] * 7]
    winner = next(place for place, error in enumerate(raised) if error is None)
    assert row.scores.get(criterion="quality").evidence == f"hand {winner}"
    assert Event.objects.about(row).count() == 1


def test_twin_without_the_version_overwrites(parengan: Village, made: User) -> None:
    row = factories.assessed(village=parengan, state="draft")

    def write(place: int) -> None:
        sleep(place * PAUSE)
        fresh = Assessment.objects.get(pk=row.pk).version  # what a hand that never read the page would send
        score_assessment(row, scores={"quality": (1, f"hand {place}")}, version=fresh, by=made, at=NOW)

    assert at_once(lambda: write(0), lambda: write(1)) == [None, None]
    assert row.scores.get(criterion="quality").evidence == "hand 1"


def blank_and_submit(row: Assessment, by: User) -> list[Exception | None]:
    """One hand takes evidence away while another, that still saw it, submits."""
    slow, quick = Assessment.objects.get(pk=row.pk), Assessment.objects.get(pk=row.pk)

    def submit() -> None:
        sleep(PAUSE / 2)
        submit_assessment(quick, by=by, at=NOW)

    return at_once(lambda: score_assessment(slow, scores={"quality": (3, "")}, by=by, at=NOW), submit)


@pytest.mark.usefixtures("_slow_hand")
def test_nothing_incomplete_is_submitted_in_between(parengan: Village, made: User) -> None:
    row = factories.assessed(village=parengan, state="draft")
    blanked, submitted = blank_and_submit(row, made)
    assert blanked is None
    assert isinstance(submitted, IntegrityError)
    assert "all eight scores" in sentence_of(submitted) or "delapan" in sentence_of(submitted)
    assert Assessment.objects.get(pk=row.pk).state == "draft"


@pytest.mark.usefixtures("_slow_hand")
def test_twin_without_the_trigger_submits_it_incomplete(parengan: Village, made: User) -> None:
    row = factories.assessed(village=parengan, state="draft")
    with trigger_off("villages_assessment", "assessment_is_kept"):
        assert blank_and_submit(row, made) == [None, None]
    assert Assessment.objects.get(pk=row.pk).state == "submitted"
    assert row.scores.get(criterion="quality").evidence == ""


def weigh_and_publish(draft: CriteriaSet, by: User) -> list[Exception | None]:
    """One hand changes a weight while another, that still saw a hundred percent, publishes."""
    slow, quick = CriteriaSet.objects.get(pk=draft.pk), CriteriaSet.objects.get(pk=draft.pk)
    words = wordings(slow)
    given = words | {"quality": replace(words["quality"], weight=1300)}

    def publish() -> None:
        sleep(PAUSE / 2)
        publish_criteria_set(quick, by=by, at=NOW)

    def weigh() -> None:
        told = {"name": slow.name, "source": "", "in_force_from": slow.in_force_from}
        change_criteria_set(slow, **told, wordings=given, by=by, at=NOW)  # type: ignore[arg-type]

    return at_once(weigh, publish)


@pytest.fixture
def draft(admin: User) -> CriteriaSet:
    factories.lay_criteria()
    return draft_criteria_set(name="Second set", in_force_from=date(2026, 11, 1), by=admin, at=NOW)


@pytest.mark.usefixtures("_slow_hand")
def test_weights_that_change_in_between_are_not_published(draft: CriteriaSet, admin: User) -> None:
    weighed, published = weigh_and_publish(draft, admin)
    assert weighed is None
    assert isinstance(published, IntegrityError)
    assert CriteriaSet.objects.get(pk=draft.pk).state == "draft"


@pytest.mark.usefixtures("_slow_hand")
def test_twin_without_the_trigger_publishes_a_wrong_sum(draft: CriteriaSet, admin: User) -> None:
    with trigger_off("villages_criteriaset", "criteria_set_is_whole"):
        assert weigh_and_publish(draft, admin) == [None, None]
        published = CriteriaSet.objects.get(pk=draft.pk)
        assert (published.state, sum(published.weights.values())) == ("published", 10_050)
        CriteriaSet.objects.filter(pk=draft.pk).update(state="draft")


def test_many_hands_make_it_final_once(parengan: Village, sari: User, admin: User) -> None:
    row = factories.assessed(village=parengan, state="submitted")
    hands = [(Assessment.objects.get(pk=row.pk), by) for by in (sari, admin) * 4]
    raised = at_once(*(lambda read=read, by=by: finalise_assessment(read, by=by, at=NOW) for read, by in hands))
    assert [type(error) for error in raised if error] == [RowMoved] * 7
    assert Event.objects.about(row).filter(verb="finalised").count() == 1
