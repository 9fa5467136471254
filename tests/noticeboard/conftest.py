"""A household of two in Parengan, with a session next week and one after it."""

from datetime import datetime, timedelta

import pytest

from programs.models import Cohort, Session, Trainer, Venue
from tests.reminders.worlds import household, meeting
from villages.links import token_of
from villages.models import ContactPoint

WEEK = timedelta(days=7)


@pytest.fixture
def number(cohort: Cohort, clock: object) -> ContactPoint:
    """The number that Lidia and Siti share."""
    return household(cohort, "Lidia Wati", "Siti Aminah")


@pytest.fixture
def session(number: ContactPoint, cohort: Cohort, venue: Venue, trainer: Trainer, at: datetime) -> Session:
    """Natural dyeing, Thursday in a week, 10.00 to 12.00 WIB."""
    return meeting(cohort, at + WEEK, topic="Pewarnaan alam", venue=venue, trainers=[trainer])


@pytest.fixture
def later(session: Session, cohort: Cohort, venue: Venue, at: datetime) -> Session:
    """Design, a week later."""
    return meeting(cohort, at + 2 * WEEK, venue=venue)


@pytest.fixture
def home(number: ContactPoint) -> str:
    """The address of the household's page."""
    return f"/s/{token_of(number)}"


@pytest.fixture
def stranger(cohort: Cohort, number: ContactPoint) -> ContactPoint:
    """The number of another household."""
    return household(cohort, "Rukmini")
