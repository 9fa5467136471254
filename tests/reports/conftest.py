"""Sentences in English, and everyone who might read a report."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from accounts.models import User


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Speak English in this thread."""
    with translation.override("en"):
        yield


@pytest.fixture
def staff(admin: User, sari: User, made: User, joko: User, observer: User) -> dict[str, User]:
    """The cast by what they are called here."""
    return {"admin": admin, "sari": sari, "made": made, "joko": joko, "observer": observer}
