"""The desk, and sentences in English."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import User


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Speak English in this thread."""
    with translation.override("en"):
        yield


@pytest.fixture
def desk(reader: Client, sari: User) -> Client:
    """Sari's browser."""
    reader.force_login(sari)
    return reader
