"""Two hands at the same moment on the days that are kept free, each on a connection of its own."""

from functools import partial
from time import sleep
from typing import Any

import pytest
from django.db import IntegrityError

from accounts.models import User
from almanac import actions as acting
from almanac.actions import change_block, load_holidays
from almanac.models import CalendarBlock
from almanac.published import published
from almanac.querysets import CalendarBlockQuerySet
from tests.factories import NOW, CalendarBlockFactory
from tests.programs.plans import history
from tests.programs.test_races import PAUSE, at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def slow_load(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause between looking which holidays are there and laying the others."""
    look = acting.touched_by_people

    def later(blocks: Any) -> set[str]:
        sleep(PAUSE)
        return look(blocks)

    monkeypatch.setattr(acting, "touched_by_people", later)


@pytest.mark.usefixtures("slow_load")
@pytest.mark.parametrize("times", [2, 4])
def test_holidays_that_two_load_at_once_are_there_once(sari: User, times: int) -> None:
    raised = at_once(*[lambda: load_holidays(2026, by=sari, at=NOW)] * times)
    assert raised == [None] * times
    blocks = CalendarBlock.objects.all()
    assert blocks.count() == len(published(2026))
    assert all(history(block) == ["loaded"] for block in blocks)


@pytest.mark.usefixtures("slow_load")
def test_without_looking_again_the_second_load_breaks(sari: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def create(rows: Any, *, defaults: dict[str, Any], **key: Any) -> tuple[CalendarBlock, bool]:
        return rows.create(**key, **defaults), True

    monkeypatch.setattr(CalendarBlockQuerySet, "get_or_create", create)
    raised = at_once(*[lambda: load_holidays(2026, by=sari, at=NOW)] * 2)
    assert [type(error) for error in raised if error] == [IntegrityError]
    assert CalendarBlock.objects.count() == len(published(2026)), "the constraint is the backstop"


def test_block_that_two_change_at_once_is_changed_by_one(sari: User) -> None:
    block = CalendarBlockFactory.create()
    hands = [CalendarBlock.objects.get(pk=block.pk) for _ in range(2)]
    names = zip(hands, ("Haul", "Sedekah bumi"), strict=True)
    raised = at_once(*[partial(change_block, hand, name=name, by=sari, at=NOW) for hand, name in names])
    assert sorted(type(error).__name__ for error in raised) == ["NoneType", "RowMoved"]


def test_block_read_anew_by_both_is_overwritten(sari: User) -> None:
    block = CalendarBlockFactory.create()

    def act(name: str) -> None:
        change_block(CalendarBlock.objects.get(pk=block.pk), name=name, by=sari, at=NOW)

    act("Haul")  # one after the other, each with what is current: the revision guards only what was on a screen
    act("Sedekah bumi")
    block.refresh_from_db()
    assert (block.name, block.revision) == ("Sedekah bumi", 3)
