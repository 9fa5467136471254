"""Sessions at every stage, and sentences in English."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import User
from programs.models import Cohort, Enrollment, Session, Trainer, Venue
from tests.factories import EnrollmentFactory
from tests.programs.plans import draft, scheduled
from villages.models import Person


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Speak English in this thread."""
    with translation.override("en"):
        yield


@pytest.fixture
def enrolled(cohort: Cohort, lidia: Person) -> Enrollment:
    """Bu Lidia takes part."""
    return EnrollmentFactory.create(cohort=cohort, person=lidia)


@pytest.fixture
def planned(enrolled: Enrollment, cohort: Cohort, venue: Venue, trainer: Trainer, sari: User) -> Session:
    """A draft for next Thursday."""
    return draft(cohort, venue, trainers=[trainer], topic="Natural dyes", by=sari)


@pytest.fixture
def session(enrolled: Enrollment, cohort: Cohort, venue: Venue, trainer: Trainer, sari: User) -> Session:
    """A promise for next Thursday."""
    return scheduled(cohort, venue, trainers=[trainer], topic="Natural dyes", by=sari)


@pytest.fixture
def running(enrolled: Enrollment, cohort: Cohort, venue: Venue, sari: User, at: datetime) -> Session:
    """A session that began an hour ago."""
    return scheduled(cohort, venue, starts_at=at - timedelta(hours=1), topic="Loom care", by=sari)


@pytest.fixture
def desk(reader: Client, sari: User) -> Client:
    """Sari's browser."""
    reader.force_login(sari)
    return reader
