"""A village on its way from Made to Agus."""

from datetime import datetime

import pytest

from accounts.models import User
from mentoring.models import ActionItem, Handover
from programs.models import Cohort
from tests import factories
from tests.mentoring.handovers.steps import prepare


@pytest.fixture
def agus(db: None) -> User:
    """A mentor who holds nothing yet."""
    agus: User = factories.UserFactory.create(name="Agus", role="mentor", email="agus@example.org")
    return agus


@pytest.fixture
def item(cohort: Cohort, made: User) -> ActionItem:
    return factories.ActionItemFactory.create(visit=factories.VisitFactory.create(cohort=cohort, mentor=made))


@pytest.fixture
def handover(made: User, agus: User, sari: User, cohort: Cohort, at: datetime) -> Handover:
    return prepare(made, agus, sari, at)
