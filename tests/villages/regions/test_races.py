"""Two administrators at once: one list loaded twice, one change decided twice; each guard with a twin without it."""

from time import sleep
from typing import Any

import pytest

from accounts.models import User
from common.errors import RowMoved
from common.models import Event
from tests.programs.test_races import PAUSE, at_once
from tests.villages.regions.lists import AT, LAMONGAN, check, load, moved
from villages.models import Region, RegionChange, RegionEdition, Village
from villages.querysets import ChangeQuerySet
from villages.regions import deciding, loading
from villages.regions.comparing import compare
from villages.regions.deciding import decide_change
from villages.regions.loading import load_edition

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_force")]
RECODED = moved(LAMONGAN, **{"35.24.10": "35.24.28"})
NEW = "35.24.28.2009"


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause between comparing and writing."""

    def later(*given: Any, **named: Any) -> Any:
        found = compare(*given, **named)
        sleep(PAUSE)
        return found

    monkeypatch.setattr(loading, "compare", later)


@pytest.mark.usefixtures("slow")
def test_list_that_two_hands_load_is_one_edition() -> None:
    assert at_once(lambda: load(RECODED), lambda: load(RECODED)) == [None, None]
    assert RegionEdition.objects.count() == 2
    assert Event.objects.filter(verb="loaded").count() == 2  # the first list, and this one


@pytest.mark.usefixtures("slow")
def test_without_the_lock_the_list_would_be_compared_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "lock_list", lambda: None)
    raised = at_once(lambda: load(RECODED), lambda: load(RECODED))
    assert [str(error).split('"')[1] for error in raised if error] == ["editions_form_one_line"]


def test_compared_list_that_two_hands_load_is_loaded_once(admin: User) -> None:
    edition = check(RECODED, by=admin)
    copies = [RegionEdition.objects.get(pk=edition.pk) for _ in range(2)]
    raised = at_once(*(lambda copy=copy: load_edition(copy, by=admin, at=AT) for copy in copies))
    assert [type(error) for error in raised if error] == [RowMoved]
    assert Region.objects.filter(gone=True).count() == 5


def both(admin: User) -> list[Exception | None]:
    load(RECODED)
    copies = [RegionChange.objects.waiting().get(code="35.24.10.2009") for _ in range(2)]
    first, second = copies
    return at_once(
        lambda: decide_change(first, to=Region(pk=NEW), by=admin, at=AT),
        lambda: decide_change(second, to=None, by=admin, at=AT),
    )


@pytest.fixture
def slow_decision(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause between looking at what is open and moving it."""
    look = vars(deciding)["_chosen"]

    def later(*given: Any) -> Any:
        found = look(*given)
        sleep(PAUSE)
        return found

    monkeypatch.setattr(deciding, "_chosen", later)


@pytest.mark.usefixtures("slow_decision")
def test_two_administrators_decide_once(settled: Village, admin: User) -> None:
    raised = both(admin)
    assert [type(error) for error in raised if error] == [RowMoved]
    assert Event.objects.filter(verb="decided").count() == 1


@pytest.mark.usefixtures("slow_decision")
def test_without_lock_and_compare_and_set_both_would_decide(
    settled: Village, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def blindly(rows: Any, row: RegionChange, to: str, **facts: object) -> None:
        rows.filter(pk=row.pk).update(state=to, **facts)

    monkeypatch.setattr(deciding, "_lock", lambda _change: None)
    monkeypatch.setattr(ChangeQuerySet, "move", blindly)
    assert both(admin) == [None, None]
    assert Event.objects.filter(verb="decided").count() == 2
