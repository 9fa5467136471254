"""A mentor's phone with the steps of a visit: a real Chromium, a real pack, and no way to the server unless asked."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from programs.models import Cohort
from tests.factories import PersonFactory
from tests.plumbing.browser import PHONE
from villages.models import Person

SPOT = {"latitude": -7.051234567, "longitude": 112.241234567, "accuracy": 12.4}
ROWS = """async (shelf) => {
  const { openStore } = await import("/static/js/phone/store.js");
  const store = await openStore(JSON.parse(localStorage.getItem("phone.user")).user);
  const rows = await store.all(shelf);
  store.close();
  return rows;
}"""
BYTES = """async (id) => {
  const { openStore } = await import("/static/js/phone/store.js");
  const store = await openStore(JSON.parse(localStorage.getItem("phone.user")).user);
  const bytes = new Uint8Array(await (await store.get("blobs", id)).blob.arrayBuffer());
  store.close();
  return [...bytes];
}"""


class Phone:
    """One phone of one mentor; what is written on it waits, for sending is cut off."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context, self.address = context, address
        self.complaints: list[str] = []
        self.cut()
        self.page = self.tab()

    def cut(self) -> None:
        """Let nothing that is written leave the phone."""
        self.context.route("**/api/v1/visits/**", lambda route: route.abort())

    def tab(self) -> Page:
        """Open another page."""
        page = self.context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def sign_in(self, user: User) -> None:
        """Sign in as the pages do: a session, and a token of its own."""
        client = Client()
        client.force_login(user)
        cookies = {"session": client.cookies[settings.SESSION_COOKIE_NAME].value, "csrf": secrets.token_hex(16)}
        cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        self.context.add_cookies(
            [{"name": name, "value": value, "url": self.address} for name, value in cookies.items()]
        )

    def open(self, place: str = "", page: Page | None = None) -> Page:
        """Open the app afresh at a place."""
        page = page or self.page
        page.goto("about:blank")
        page.goto(f"{self.address}/m/{place}")
        page.locator("[data-view] h1").first.wait_for()
        return page

    def begin(self) -> Page:
        """Begin a visit; the only village is chosen by itself."""
        page = self.open("#/visit/new")
        page.locator("[data-visit]").wait_for()
        return page

    def go(self, step: int) -> None:
        """Go to a step by its mark."""
        self.page.locator(f'[data-mark="{step}"]').click()
        self.page.locator(f'.is-now[data-step="{step}"]').wait_for()

    def saved(self) -> None:
        """Wait until the page says that all is on the disk."""
        self.page.locator(".visit-saved.is-saved").wait_for()

    def rows(self, shelf: str = "visits", page: Page | None = None) -> list[dict[str, Any]]:
        """Read what the phone keeps."""
        found: list[dict[str, Any]] = (page or self.page).evaluate(ROWS, shelf)
        return found

    def row(self, page: Page | None = None) -> dict[str, Any]:
        """Read the one visit that the phone keeps."""
        (found,) = self.rows(page=page)
        return found

    def blob(self, key: str) -> bytes:
        """Read the bytes of a photo that the phone keeps."""
        return bytes(self.page.evaluate(BYTES, key))


@pytest.fixture
def people(cohort: Cohort) -> list[Person]:
    """Three weavers of the village."""
    return [PersonFactory.create(village=cohort.village, name=name) for name in ("Ani", "Budi", "Lidia")]


@pytest.fixture
def phones(browser: Browser, live_server: LiveServer, made: User) -> Iterator[Callable[..., Phone]]:
    """Give phones of a mentor, Made's unless told otherwise; one that complained fails the test."""
    with ExitStack() as closing:
        given: list[Phone] = []

        def phone(user: User = made, size: tuple[int, int] = PHONE, spot: dict[str, Any] | None = SPOT) -> Phone:
            context = browser.new_context(
                viewport={"width": size[0], "height": size[1]},
                locale="id-ID",
                timezone_id="Asia/Jakarta",
                service_workers="block",
                geolocation=spot,  # type: ignore[arg-type]
                permissions=["geolocation"] if spot else [],
            )
            closing.callback(context.close)
            given.append(Phone(context, live_server.url))
            given[-1].sign_in(user)
            return given[-1]

        yield phone
        assert [complaint for each in given for complaint in each.complaints] == []


@pytest.fixture
def phone(phones: Callable[..., Phone], cohort: Cohort, people: list[Person]) -> Phone:
    """Made's phone, with one village and three people on it."""
    return phones()
