"""Programs, trainers and venues."""

from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from common.models import Event
from programs.actions import change_program, create_program, create_trainer, create_venue
from programs.models import Program
from tests.programs.plans import history
from villages.models import Region

pytestmark = pytest.mark.django_db


def opened(by: User, at: datetime, **columns: object) -> Program:
    days = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}
    given: dict[str, object] = {"name": "Desa Devisa", "organiser": "LPEI", "fiscal_year": 2026, **days, **columns}
    return create_program(by=by, at=at, **given)  # type: ignore[arg-type]


def test_who_opens_a_program_runs_it(sari: User, at: datetime) -> None:
    program = opened(sari, at, sends_h3=False)
    assert [*program.coordinators.all()] == [sari]
    assert (program.sends_h3, program.sends_h1) == (False, True)
    assert history(program) == ["created"]


def test_an_administrator_opens_it_for_others(admin: User, sari: User, at: datetime) -> None:
    assert [*opened(admin, at, coordinators=[sari]).coordinators.all()] == [sari]


@pytest.mark.parametrize("wrong", [{"ends_on": date(2025, 1, 1)}, {"name": ""}, {"subsidy_ceiling": -1}])
def test_a_wrong_program_is_refused(sari: User, at: datetime, wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        opened(sari, at, **wrong)
    assert not Program.objects.exists()


def test_a_change_names_the_columns_and_no_change_is_none(program: Program, sari: User, at: datetime) -> None:
    change_program(program, name="Desa Devisa 2027", sends_h0=False, organiser=program.organiser, by=sari, at=at)
    change_program(program, name="Desa Devisa 2027", by=sari, at=at)
    (event,) = Event.objects.about(program)
    assert (event.verb, event.facts) == ("changed", {"columns": ["name", "sends_h0"]})
    program.refresh_from_db()
    assert (program.name, program.sends_h0) == ("Desa Devisa 2027", False)


def test_a_program_has_no_other_columns(program: Program, sari: User, at: datetime) -> None:
    with pytest.raises(TypeError):
        change_program(program, pk=5, by=sari, at=at)


def test_a_trainer_has_a_number_as_it_is_kept(sari: User, at: datetime) -> None:
    assert create_trainer(name="Pak Wayan", phone="0812 3456 7890", by=sari, at=at).phone == "+6281234567890"
    with pytest.raises(ValidationError):
        create_trainer(name="Pak Wayan", phone="0812", by=sari, at=at)


def test_a_venue_has_the_zone_of_its_place(region: Region, sari: User, at: datetime) -> None:
    venue = create_venue(name="Balai Desa", region=region, by=sari, at=at)
    assert venue.zone == "Asia/Jakarta"
    assert history(venue) == ["created"]
