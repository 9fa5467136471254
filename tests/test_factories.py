"""Every factory writes a row that the database accepts."""

import pytest

from tests import factories
from tests.factories import RowFactory

FACTORIES = [
    thing
    for thing in vars(factories).values()
    if isinstance(thing, type) and issubclass(thing, RowFactory) and thing is not RowFactory
]


@pytest.mark.django_db
@pytest.mark.parametrize("make", FACTORIES, ids=lambda make: make.__name__)
def test_factory_writes_a_row(make: type[RowFactory]) -> None:  # type: ignore[type-arg]
    if make is factories.BookingFactory:
        assert make.create(trainer=factories.TrainerFactory.create()).pk
    else:
        assert make.create().pk


@pytest.mark.django_db
def test_requirements_are_laid_for_all_eleven() -> None:
    assert len(factories.lay_requirements(factories.CohortFactory.create())) == 11
