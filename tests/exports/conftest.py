"""A weaving group of Parengan with a parcel on its way, a scheme that pays, and sentences in English."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import translation

from accounts.models import User
from accounts.states import Role
from exports.models import Shipment, SubsidyScheme
from programs.models import Cohort, Program
from tests.factories import BusinessUnitFactory, SchemeFactory, ShipmentFactory, UserFactory
from villages.models import BusinessUnit, Village

CEILING = 5_000_000


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Speak English in this thread."""
    with translation.override("en"):
        yield


@pytest.fixture
def dewi(db: None) -> User:
    """A second coordinator of the program."""
    return UserFactory.create(name="Dewi", role=Role.COORDINATOR, email="dewi@example.org")


@pytest.fixture
def funded(program: Program, cohort: Cohort, dewi: User) -> Program:
    """The program with five million rupiah to give, and a second pair of hands."""
    program.coordinators.add(dewi)
    Program.objects.filter(pk=program.pk).update(subsidy_ceiling=CEILING)
    program.refresh_from_db()
    return program


@pytest.fixture
def group(parengan: Village) -> BusinessUnit:
    """The weaving group."""
    return BusinessUnitFactory.create(village=parengan, name="Tenun Lestari")


@pytest.fixture
def parcel(group: BusinessUnit) -> Shipment:
    """A parcel to Japan on 10 September for one million rupiah."""
    return ShipmentFactory.create(business_unit=group, waybill="EE 123 456 789 ID", shipped_on=date(2026, 9, 10))


@pytest.fixture
def scheme(funded: Program) -> SubsidyScheme:
    """80 percent, at most 3 million a claim and 10 million a unit and year, within 60 days."""
    return SchemeFactory.create(program=funded, name="Sample shipping 2026")
