"""Programs that call the API, each with a token of its own."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from knox.models import AuthToken
from rest_framework.test import APIClient

from accounts.models import User
from accounts.states import Role
from exports.models import Shipment, SubsidyScheme
from programs.models import Cohort, Program
from tests import factories
from villages.models import BusinessUnit

Caller = Callable[[User | None], APIClient]


@pytest.fixture
def ask(db: None) -> Caller:
    """Give a program that signed in as someone, or as nobody; it reads English."""

    def caller(user: User | None) -> APIClient:
        client = APIClient(headers={"Accept-Language": "en"})
        if user is not None:
            _row, token = AuthToken.objects.create(user=user)
            client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
        return client

    return caller


@pytest.fixture(autouse=True)
def fresh_counters(db: None) -> None:
    """Forget attempts of other tests."""
    cache.clear()


@pytest.fixture
def dewi(program: Program) -> User:
    """A second coordinator of the program."""
    dewi: User = factories.UserFactory.create(name="Dewi", role=Role.COORDINATOR)
    program.coordinators.add(dewi)
    return dewi


@pytest.fixture
def group(cohort: Cohort) -> BusinessUnit:
    """A weaving group of Parengan; its program has five million rupiah to give."""
    Program.objects.filter(pk=cohort.program_id).update(subsidy_ceiling=5_000_000)
    return factories.BusinessUnitFactory.create(village=cohort.village, name="Tenun Lestari")


@pytest.fixture
def parcel(group: BusinessUnit) -> Shipment:
    """A parcel of the group."""
    return factories.ShipmentFactory.create(business_unit=group)


@pytest.fixture
def scheme(program: Program) -> SubsidyScheme:
    """A scheme that pays for it."""
    return factories.SchemeFactory.create(program=program)
