"""A mentor's phone: a real Chromium that keeps its things, on a server that may be out of reach."""

import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.timezone import now
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from programs.models import Cohort
from tests.phone.packs import carry
from tests.plumbing.browser import PHONE

__all__ = ["carry"]

WRITE = """async ({content, photos, draft, schema}) => {
  const { app } = await import("/static/js/phone/app.js");
  const { newVisit, ready } = await import("/static/js/phone/records.js");
  const { newKey, digestOf } = await import("/static/js/phone/keys.js");
  const row = newVisit(content);
  const writes = [];
  for (const size of photos) {
    const bytes = new Uint8Array(size).map((_, place) => (place * 31 + size) % 251);
    const [id, sha256, taken_at] = [newKey(), await digestOf(bytes), new Date().toISOString()];
    row.photos.push({ id, sha256, size, taken_at, sent: false });
    const blob = new Blob([bytes], { type: "image/jpeg" });
    writes.push({ shelf: "blobs", put: { id, visit: row.id, blob } });
  }
  await app.store.write([...writes, { shelf: "visits", put: row }]);
  if (!draft) await ready(app.store, "visits", row.id);
  return row.id;
}"""
SEND = """async () => { const { app } = await import("/static/js/phone/app.js"); await app.sender.send(); }"""
ROWS = """async (shelf) => { const { app } = await import("/static/js/phone/app.js"); return app.store.all(shelf); }"""
KEPT = """async () => {
  await navigator.serviceWorker.ready;
  for (let turn = 0; turn < 200 && !navigator.serviceWorker.controller; turn += 1) {
    await new Promise((go) => setTimeout(go, 50));
  }
}"""


class Phone:
    """One phone: its browser with what it keeps, and one page of the app."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context = context
        self.address = address
        self.complaints: list[str] = []
        self.page = self.tab()

    def tab(self) -> Page:
        """Open another page."""
        page = self.context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def sign_in(self, user: User) -> None:
        """Sign in as the pages do: a session, and a token that is new with every sign-in."""
        client = Client()
        client.force_login(user)
        cookies = {"session": client.cookies["session"].value, "csrf": secrets.token_hex(16)}
        cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        self.context.add_cookies(
            [{"name": name, "value": value, "url": self.address} for name, value in cookies.items()]
        )

    def open(self, place: str = "") -> Page:
        """Open the app afresh and wait until it shows something."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.address}/m/{place}")
        self.page.locator("[data-view] h1").first.wait_for()
        return self.page

    def ready(self) -> None:
        """Wait until the phone keeps the whole app."""
        self.page.evaluate(KEPT)

    def write(self, content: dict[str, Any], *, photos: tuple[int, ...] = (), draft: bool = False) -> str:
        """Write a visit down, and hand it to the sender unless it is a draft; the sender is not called."""
        key: str = self.page.evaluate(WRITE, {"content": content, "photos": photos, "draft": draft})
        return key

    def send(self, page: Page | None = None) -> None:
        """Send once, and wait until that round is over."""
        (page or self.page).evaluate(SEND)

    def rows(self, shelf: str = "visits") -> list[dict[str, Any]]:
        """Read what the phone keeps."""
        found: list[dict[str, Any]] = self.page.evaluate(ROWS, shelf)
        return found

    def states(self) -> list[str]:
        """Name the state of each visit, in the order in which they were begun."""
        return [row["state"] for row in sorted(self.rows(), key=lambda row: row["id"])]


def lasting(browser: Browser, address: str, place: Path) -> Phone:
    """Start a browser whose things outlive it."""
    facts = browser.new_browser_cdp_session().send("SystemInfo.getInfo")
    context = browser.browser_type.launch_persistent_context(
        place,
        executable_path=facts["commandLine"].split(" ")[0],
        chromium_sandbox=False,
        args=["--disable-dev-shm-usage"],
    )
    return Phone(context, address)


@pytest.fixture
def content(cohort: Cohort) -> Callable[..., dict[str, Any]]:
    """Give what a mentor writes about a visit to Parengan."""

    def content(**changes: Any) -> dict[str, Any]:
        plain = {
            "village": cohort.village_id,
            "program": cohort.program_id,
            "visited_at": (now() - timedelta(hours=3)).isoformat(),
        }
        return {**plain, "mode": "on_site", "summary": "Looms", **changes}

    return content


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer, made: User, cohort: Cohort) -> Iterator[Phone]:
    """Made's phone, the app open and kept."""
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, timezone_id="Asia/Jakarta")
    phone = Phone(context, live_server.url)
    phone.sign_in(made)
    phone.open()
    phone.ready()
    phone.page.locator(".first").wait_for(state="detached")  # the pack is there
    yield phone
    context.close()
    assert phone.complaints == []
