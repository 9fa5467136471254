"""Who sees a village, and everything that hangs on it."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from accounts.models import User
from programs.models import Cohort, Program, Session
from tests import factories
from villages.models import Person, Village

pytestmark = pytest.mark.django_db


def _sees(user: User) -> list[bool]:
    return [model.objects.visible_to(user).exists() for model in (Village, Person, Program, Cohort, Session)]


@pytest.fixture
def _world(cohort: Cohort, lidia: Person, program: Program) -> None:
    factories.SessionFactory.create(program=program, cohorts=[cohort])


@pytest.mark.usefixtures("_world")
def test_mentor_sees_a_village_until_the_letter_ends(made: User) -> None:
    assert _sees(made) == [True] * 5
    letter = made.assignments.get()
    letter.ends_on = (now() + timedelta(days=1)).date()
    letter.save()
    assert _sees(made) == [True] * 5
    letter.ends_on = (now() - timedelta(days=2)).date()
    letter.save()
    assert _sees(made) == [False] * 5


@pytest.mark.usefixtures("_world")
def test_ended_letter_beside_another_mentors_open_one_shows_nothing(made: User, parengan: Village) -> None:
    letter = made.assignments.get()
    letter.ends_on = (now() - timedelta(days=2)).date()
    letter.save()
    factories.AssignmentFactory.create(mentor=factories.UserFactory.create(role="mentor"), village=parengan)
    assert _sees(made) == [False] * 5


@pytest.mark.usefixtures("_world")
def test_coordinator_and_administrator_see_all_of_it_others_only_figures(
    sari: User, admin: User, ina: User, observer: User, joko: User, rina: User
) -> None:
    assert _sees(sari) == _sees(admin) == [True] * 5
    assert _sees(ina) == [True, False, False, False, False]  # her own village only
    assert not Village.objects.visible_to(ina).filter(code="parengan").exists()
    assert _sees(observer) == _sees(joko) == [True, False, True, True, True]
    assert _sees(rina) == [False, False, True, False, False]  # her own program only
