"""Sentences in English."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Speak English in this thread."""
    with translation.override("en"):
        yield
