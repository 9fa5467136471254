"""Two hands and one list, or two lists with the same people: nobody is written down twice."""

from collections.abc import Callable
from datetime import datetime
from time import sleep

import pytest

from accounts.models import User
from common.errors import RowMoved
from programs.actions.intake import commit_import, committing
from programs.actions.intake.matching import match
from programs.models import Cohort, Enrollment, ImportBatch
from tests.programs.intake.conftest import Bring
from tests.programs.intake.lists import HEAD, people, xlsx
from tests.programs.test_races import PAUSE, at_once
from villages.models import Person

pytestmark = [pytest.mark.django_db(transaction=True)]


def committer(batch: ImportBatch, by: User, at: datetime) -> Callable[[], object]:
    mine = ImportBatch.objects.get(pk=batch.pk)
    return lambda: commit_import(mine, by=by, at=at, text_version="1")


@pytest.fixture
def slow_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause between asking who is known and writing them."""

    def later(batch: ImportBatch) -> None:
        match(batch)
        sleep(PAUSE)

    monkeypatch.setattr(committing, "match", later)


@pytest.mark.usefixtures("slow_hand")
def test_two_commits_of_one_list_write_it_once(bring: Bring, cohort: Cohort, sari: User, at: datetime) -> None:
    batch = bring(xlsx([HEAD, *people(20)]))
    raised = at_once(committer(batch, sari, at), committer(batch, sari, at))
    assert [type(error) for error in raised if error] == [RowMoved]
    assert Person.objects.count() == Enrollment.objects.count() == 20


@pytest.mark.usefixtures("slow_hand")
def test_two_lists_with_the_same_people_meet_them(bring: Bring, cohort: Cohort, sari: User, at: datetime) -> None:
    first, second = bring(xlsx([HEAD, *people(20)])), bring(xlsx([HEAD, *people(20)]))
    assert at_once(committer(first, sari, at), committer(second, sari, at)) == [None, None]
    assert Person.objects.count() == Enrollment.objects.count() == 20


@pytest.mark.usefixtures("slow_hand")
def test_without_the_lock_they_would_be_doubled(
    bring: Bring, cohort: Cohort, sari: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(committing, "hold_places", lambda _batch: None)
    first, second = bring(xlsx([HEAD, *people(20)])), bring(xlsx([HEAD, *people(20)]))
    at_once(committer(first, sari, at), committer(second, sari, at))
    assert Person.objects.count() > 20
