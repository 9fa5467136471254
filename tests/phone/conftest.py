"""A phone of Made that reads English, at a fixed moment: Thursday, 1 October 2026, 10.00 WIB."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.phone import packs

Carry = Callable[..., None]


@pytest.fixture
def carry(client: Client, live_server: LiveServer, made: User, at: datetime) -> Carry:
    """Return a function that gives a page what Made's phone has fetched, and takes the network away."""

    def carried(page: Page, pack: packs.Row, *rows: tuple[str, packs.Row], language: str = "en") -> None:
        packs.sign_in(page, client, live_server.url, made)
        page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}])
        page.clock.set_fixed_time(at)
        packs.carry(page, made, pack, *rows)

    return carried
