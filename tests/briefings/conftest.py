"""Mentors and coordinators as notices know them."""

import pytest

from accounts.models import User
from mentoring.models import VisitPlan
from programs.models import Cohort
from tests import factories
from tests.briefings.worlds import local


@pytest.fixture
def plan(cohort: Cohort, made: User) -> VisitPlan:
    """Made means to visit Parengan on Sunday, 4 October, 10.00 WIB."""
    return factories.VisitPlanFactory.create(mentor=made, village=cohort.village, planned_at=local("2026-10-04 10:00"))
