"""A list in force, and records of every kind that stand on its places."""

from datetime import date

import pytest

from accounts.models import User
from tests import factories
from tests.villages.regions.lists import LAMONGAN, load
from villages.models import Region, Village


@pytest.fixture
def in_force(db: None) -> None:
    """Lamongan, a part of it, as the first list."""
    load(LAMONGAN, name="Kepmendagri 2025")


@pytest.fixture
def settled(in_force: None, parengan: Village, observer: User) -> Village:
    """Parengan with a record of every kind on its desa and its district."""
    desa, district = Region.objects.get(pk="35.24.10.2009"), Region.objects.get(pk="35.24.10")
    parengan.coverage.update_or_create(region=desa, defaults={"joined_on": date(2024, 1, 1)})
    factories.VenueFactory.create(name="Balai", region=desa)
    factories.BusinessUnitFactory.create(village=parengan, name="Tenun Ikat")
    factories.CalendarBlockFactory.create(region=district)
    factories.RegionFigureFactory.create(region=district)
    observer.observed_regions.set([district])
    return parengan
