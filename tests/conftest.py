"""Fixtures for every test: the fixed cast and the world around it.

Sari coordinates the program, Made mentors Parengan, Ina mentors another village and sees nothing of it, Bu Lidia
weaves, Pak Joko pays, an observer reads East Java, and an administrator keeps the system. Everything is asked for by
name, so a test has only what it needs.
"""

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from accounts.models import User
from accounts.states import Role
from programs.models import Cohort, Program, Trainer, Venue
from tests import factories
from tests.plumbing.database import django_db_modify_db_settings
from villages.models import Person, Region, Village

__all__ = ["django_db_modify_db_settings"]


@pytest.fixture
def at() -> datetime:
    """Thursday, 1 October 2026, 10.00 WIB: the moment everything else is told from."""
    return factories.NOW


@pytest.fixture
def clock(at: datetime) -> Iterator[time_machine.Traveller]:
    """Stop the clock of this process at `at`; the database keeps its own."""
    with time_machine.travel(at, tick=False) as traveller:
        yield traveller


@pytest.fixture
def modules(db: None) -> None:
    """Have the eleven modules, also after a test that emptied the tables."""
    factories.lay_modules()


@pytest.fixture
def region(db: None) -> Region:
    """Parengan below Maduran, Lamongan, Jawa Timur."""
    return factories.lay_region()


@pytest.fixture
def parengan(region: Region) -> Village:
    """The weaving village."""
    return factories.VillageFactory.create(name="Parengan", code="parengan", region=region)


@pytest.fixture
def elsewhere(db: None) -> Village:
    """A village in another province and zone, in nobody's program."""
    return factories.VillageFactory.create(
        name="Sukarara", code="sukarara", region=factories.lay_region("52.02.02.2004")
    )


@pytest.fixture
def program(modules: None, sari: User, joko: User) -> Program:
    """This year's program, run by Sari and paid by Pak Joko."""
    program = factories.ProgramFactory.create(name="Desa Devisa 2026", coordinators=[sari])
    program.finance_officers.add(joko)
    return program


@pytest.fixture
def cohort(program: Program, parengan: Village) -> Cohort:
    """Parengan's cohort."""
    return factories.CohortFactory.create(program=program, village=parengan, name="Angkatan 1")


@pytest.fixture
def venue(region: Region) -> Venue:
    """The village hall."""
    return factories.VenueFactory.create(name="Balai Desa Parengan", region=region)


@pytest.fixture
def trainer(db: None) -> Trainer:
    """Someone who teaches."""
    return factories.TrainerFactory.create(name="Pak Wayan")


@pytest.fixture
def sari(db: None) -> User:
    """The coordinator."""
    return factories.UserFactory.create(name="Sari", role=Role.COORDINATOR, email="sari@example.org")


@pytest.fixture
def made(parengan: Village) -> User:
    """The mentor of Parengan."""
    made = factories.UserFactory.create(name="Made", role=Role.MENTOR, email="made@example.org")
    factories.AssignmentFactory.create(mentor=made, village=parengan)
    return made


@pytest.fixture
def ina(elsewhere: Village) -> User:
    """A mentor elsewhere, who sees nothing of Parengan."""
    ina = factories.UserFactory.create(name="Ina", role=Role.MENTOR, email="ina@example.org")
    factories.AssignmentFactory.create(mentor=ina, village=elsewhere)
    return ina


@pytest.fixture
def rina(db: None) -> User:
    """A coordinator of another program, who sees nothing of this one."""
    rina = factories.UserFactory.create(name="Rina", role=Role.COORDINATOR, email="rina@example.org")
    factories.ProgramFactory.create(name="Another program", coordinators=[rina])
    return rina


@pytest.fixture
def joko(db: None) -> User:
    """The finance officer."""
    return factories.UserFactory.create(name="Joko", role=Role.FINANCE, email="joko@example.org")


@pytest.fixture
def observer(region: Region) -> User:
    """A reader of East Java."""
    observer = factories.UserFactory.create(name="Observer", role=Role.OBSERVER, email="observer@example.org")
    observer.observed_regions.add(Region.objects.get(code="35"))
    return observer


@pytest.fixture
def admin(db: None) -> User:
    """Who keeps the system."""
    return factories.UserFactory.create(name="Admin", role=Role.ADMINISTRATOR, email="admin@example.org")


@pytest.fixture
def lidia(parengan: Village) -> Person:
    """A weaver with a number of her own who agreed to messages."""
    return factories.reachable_person(parengan, name="Lidia Wati")


@pytest.fixture
def reader(client: Client) -> Client:
    """A browser that reads English, so that sentences can be compared."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client
