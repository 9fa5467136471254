"""Programs that call the API, each with a token of its own."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from knox.models import AuthToken
from rest_framework.test import APIClient

from accounts.models import User

Caller = Callable[[User | None], APIClient]


@pytest.fixture
def ask(db: None) -> Caller:
    """Give a program that signed in as someone, or as nobody; it reads English."""

    def caller(user: User | None) -> APIClient:
        client = APIClient(headers={"Accept-Language": "en"})
        if user is not None:
            _row, token = AuthToken.objects.create(user=user)
            client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
        return client

    return caller


@pytest.fixture(autouse=True)
def fresh_counters(db: None) -> None:
    """Forget attempts of other tests."""
    cache.clear()
