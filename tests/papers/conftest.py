"""A cohort that was owed two hours of design and got them; sentences in English."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import translation

from papers.actions import Signature
from programs.models import Cohort, Enrollment, Session
from tests.factories import lay_course, lay_graduate


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Speak English in this thread."""
    with translation.override("en"):
        yield


@pytest.fixture
def course(cohort: Cohort) -> Session:
    """The one session that was held."""
    return lay_course(cohort)


@pytest.fixture
def lidia_done(course: Session) -> Enrollment:
    """Bu Lidia came to all of it."""
    return lay_graduate(course, name="Lidia Wati")


@pytest.fixture
def rini_short(course: Session) -> Enrollment:
    """Bu Rini came for 50 of the 96 minutes that are enough."""
    return lay_graduate(course, name="Rini", minutes=50)


@pytest.fixture
def signature() -> Signature:
    """The head of the office signs."""
    return Signature("Lamongan", date(2026, 10, 1), "Nur Hidayat", "Kepala Dinas")
