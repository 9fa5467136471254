"""The fixed cast, and the small world they work in."""

from dataclasses import dataclass

import pytest

from accounts.models import User
from accounts.states import Role
from programs.models import Cohort, Module, Program, Venue
from programs.states import MODE_OF
from tests import factories
from villages.models import ContactPoint, Person, Village


@dataclass(frozen=True)
class World:
    """Parengan with its program, and a village elsewhere that none of them sees but Ina."""

    program: Program
    village: Village
    cohort: Cohort
    venue: Venue
    elsewhere: Cohort


@pytest.fixture(autouse=True)
def eleven_modules(request: pytest.FixtureRequest) -> None:
    """Lay the eleven modules again where a test before emptied every table."""
    if {"db", "transactional_db"} & set(request.fixturenames):
        request.getfixturevalue("transactional_db" if "transactional_db" in request.fixturenames else "db")
        Module.objects.bulk_create(
            (
                Module(code=code, mode=mode, position=place)
                for place, (code, mode) in enumerate(MODE_OF.items(), start=1)
            ),
            ignore_conflicts=True,
        )


@pytest.fixture
def sari(db: None) -> User:
    """Coordinate the program of Parengan."""
    return factories.UserFactory(name="Sari", email="sari@demo.test", role=Role.COORDINATOR)


@pytest.fixture
def dewi(db: None) -> User:
    """Coordinate another program."""
    return factories.UserFactory(name="Dewi", email="dewi@demo.test", role=Role.COORDINATOR)


@pytest.fixture
def admin(db: None) -> User:
    """Keep the system."""
    return factories.UserFactory(name="Admin", email="admin@demo.test", role=Role.ADMINISTRATOR)


@pytest.fixture
def joko(world: World) -> User:
    """Pay the claims of the program."""
    user = factories.UserFactory(name="Joko", email="joko@demo.test", role=Role.FINANCE)
    world.program.finance_officers.add(user)
    return user


@pytest.fixture
def observer(world: World) -> User:
    """Read what happens in Lamongan."""
    user = factories.UserFactory(name="Pengamat", email="observer@demo.test", role=Role.OBSERVER)
    user.observed_regions.add(factories.region("35.24"))
    return user


@pytest.fixture
def world(sari: User, dewi: User) -> World:
    """Make Parengan, its cohort, and a cohort elsewhere under Dewi (outside Lamongan)."""
    program = factories.ProgramFactory(name="Tenun Lamongan", coordinators=[sari])
    village = factories.VillageFactory(name="Parengan", code="parengan", region=factories.region("35.24.10.2009"))
    cohort = factories.CohortFactory(program=program, village=village, name="Angkatan 1")
    far = factories.VillageFactory(
        name="Sukarara", code="sukarara", region=factories.region("52.02.01.2003", "Sukarara")
    )
    elsewhere = factories.CohortFactory(
        program=factories.ProgramFactory(name="Songket Lombok", coordinators=[dewi]), village=far
    )
    venue = factories.VenueFactory(name="Balai Desa Parengan")
    return World(program=program, village=village, cohort=cohort, venue=venue, elsewhere=elsewhere)


@pytest.fixture
def made(world: World) -> User:
    """Mentor Parengan."""
    user = factories.UserFactory(name="Made", email="made@demo.test", role=Role.MENTOR)
    factories.AssignmentFactory(mentor=user, village=world.village)
    return user


@pytest.fixture
def ina(world: World) -> User:
    """Mentor the village elsewhere; sees nothing of Parengan."""
    user = factories.UserFactory(name="Ina", email="ina@demo.test", role=Role.MENTOR)
    factories.AssignmentFactory(mentor=user, village=world.elsewhere.village)
    return user


@pytest.fixture
def lidia(world: World) -> Person:
    """Weave in Parengan, take part in the cohort, own a phone."""
    return factories.participant(world.cohort, name="Lidia Rahayu").person


@pytest.fixture
def number(lidia: Person) -> ContactPoint:
    """Reach Bu Lidia's household."""
    return lidia.contact_points.get()
