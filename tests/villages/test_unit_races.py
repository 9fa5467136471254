"""Two hands on one business unit, or on one NIB, at the same moment, each on a connection of its own.

Where a constraint holds the promise, a twin takes it away, and there the race shows.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import sleep
from typing import Any

import pytest
from django.db import IntegrityError, connection

from accounts.models import User
from common.constraints import sentence_of
from common.errors import RowMoved
from common.models import Event
from common.moves import StatefulQuerySet
from tests import factories
from tests.factories import NOW
from tests.programs.test_races import at_once
from villages.actions import add_product_unit, change_unit, dismiss_unit, register_unit, verify_unit
from villages.models import BusinessUnit, Village
from villages.states import ProductGroup, UnitKind

pytestmark = pytest.mark.django_db(transaction=True)
NIB = "1234567890123"
PAUSE = 0.3
HANDS = 8


@contextmanager
def without(constraint: str) -> Iterator[None]:
    """Take one guard away, for the twin, and put it back once the rows that broke it are gone."""
    [kept] = [each for each in BusinessUnit._meta.constraints if each.name == constraint]
    with connection.schema_editor() as editor:
        editor.remove_constraint(BusinessUnit, kept)
    try:
        yield
    finally:
        BusinessUnit.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(BusinessUnit, kept)


def slowly(look: Callable[..., None]) -> Callable[..., None]:
    """Do the same, and wait between looking and writing."""

    def later(*rows: Any, **facts: Any) -> None:
        look(*rows, **facts)
        sleep(PAUSE)

    return later


@pytest.fixture
def _slow_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BusinessUnit, "full_clean", slowly(BusinessUnit.full_clean))


def register_at_once(village: Village, by: User, *, count: int = HANDS) -> list[Exception | None]:
    def register(place: int) -> None:
        name, kind, group = f"Unit {place}", UnitKind.HOUSEHOLD, ProductGroup.TEXTILE
        register_unit(village=village, name=name, kind=kind, product_group=group, nib=NIB, by=by, at=NOW)

    return at_once(*(lambda place=place: register(place) for place in range(count)))


@pytest.mark.usefixtures("_slow_look")
def test_one_nib_is_registered_once(parengan: Village, made: User) -> None:
    raised = register_at_once(parengan, made)
    assert Counter(type(error) for error in raised) == {type(None): 1, IntegrityError: HANDS - 1}
    said = {sentence_of(error) for error in raised if isinstance(error, IntegrityError)}
    assert len(said) == 1
    assert said <= {"This NIB already belongs to another business unit.", "NIB ini sudah dipakai unit usaha lain."}
    assert BusinessUnit.objects.filter(nib=NIB).count() == 1
    assert Event.objects.filter(verb="registered", subject_type="villages.businessunit").count() == 1


@pytest.mark.usefixtures("_slow_look")
def test_twin_without_the_constraint_registers_one_nib_often(parengan: Village, made: User) -> None:
    with without("nib_belongs_to_one_unit"):
        assert register_at_once(parengan, made, count=4) == [None] * 4
        assert BusinessUnit.objects.filter(nib=NIB).count() == 4


@pytest.mark.usefixtures("_slow_look")
def test_nib_written_into_two_units_at_once_is_one_units(parengan: Village, made: User) -> None:
    units = [factories.BusinessUnitFactory.create(village=parengan) for _ in range(4)]
    raised = at_once(*(lambda unit=unit: change_unit(unit, nib=NIB, by=made, at=NOW) for unit in units))
    assert Counter(type(error) for error in raised) == {type(None): 1, IntegrityError: 3}
    assert BusinessUnit.objects.filter(nib=NIB).count() == 1


def settle_at_once(unit: BusinessUnit, hands: tuple[User, User]) -> list[Exception | None]:
    """Half of the hands verify, half leave it out; all of them saw a lead."""
    rows = [BusinessUnit.objects.get(pk=unit.pk) for _ in range(HANDS)]

    def settle(place: int) -> None:
        if place % 2:
            verify_unit(rows[place], by=hands[1], at=NOW)
        else:
            dismiss_unit(rows[place], reason="Closed down", by=hands[0], at=NOW)

    return at_once(*(lambda place=place: settle(place) for place in range(HANDS)))


def test_many_hands_settle_a_lead_once(parengan: Village, sari: User, admin: User) -> None:
    unit = factories.BusinessUnitFactory.create(village=parengan, inventory_state="lead")
    raised = settle_at_once(unit, (sari, admin))
    assert Counter(type(error) for error in raised) == {type(None): 1, RowMoved: HANDS - 1}
    unit.refresh_from_db()
    winner = (sari, admin)[raised.index(None) % 2]
    assert unit.settled_by == winner
    assert unit.inventory_state == ("dismissed" if winner == sari else "verified")
    assert Event.objects.about(unit).count() == 1


def test_twin_that_does_not_compare_settles_it_often(
    parengan: Village, sari: User, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overwrite(rows: Any, row: Any, to: str, **facts: Any) -> None:
        rows.filter(pk=row.pk).update(**{rows.column: to}, **facts)

    monkeypatch.setattr(StatefulQuerySet, "move", overwrite)
    unit = factories.BusinessUnitFactory.create(village=parengan, inventory_state="lead")
    assert settle_at_once(unit, (sari, admin)) == [None] * HANDS
    assert Event.objects.about(unit).count() == HANDS


def test_many_hands_that_correct_one_column_write_once(parengan: Village, made: User) -> None:
    unit = factories.BusinessUnitFactory.create(village=parengan)
    rows = [BusinessUnit.objects.get(pk=unit.pk) for _ in range(HANDS)]

    def correct(place: int) -> None:
        change_unit(rows[place], workers=place + 1, by=made, at=NOW)

    raised = at_once(*(lambda place=place: correct(place) for place in range(HANDS)))
    assert Counter(type(error) for error in raised) == {type(None): 1, RowMoved: HANDS - 1}
    unit.refresh_from_db()
    assert unit.workers == raised.index(None) + 1
    assert Event.objects.about(unit).count() == 1


def test_one_lot_has_one_size_whoever_writes_first(parengan: Village, made: User) -> None:
    unit = factories.BusinessUnitFactory.create(village=parengan)

    def write(pieces: int) -> None:
        add_product_unit(unit, name="kodi", pieces=pieces, by=made, at=NOW)

    raised = at_once(*(lambda pieces=pieces: write(pieces) for pieces in range(20, 26)))
    assert raised.count(None) == 1
    assert unit.product_units.get().pieces == 20 + raised.index(None)
    assert Event.objects.about(unit).count() == 1
