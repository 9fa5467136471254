"""A real Chromium, on a phone and on a desk; a page that complains fails its test."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, sync_playwright
from pytest_django.live_server_helper import LiveServer

from config.environment import VAR

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PHONE, DESK = (360, 740), (1280, 800)
IN_WORDS = "409 (Conflict)"  # a page that refuses or asks says so itself
NO_SIGNAL = "ERR_INTERNET_DISCONNECTED"  # the test took the network away
SERVER_ERROR = 500


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the machine's Chromium."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip("no Chromium on PATH")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop shares the thread with the test's queries
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=program, chromium_sandbox=False, args=["--disable-dev-shm-usage"]
        )
        yield chromium
        chromium.close()


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def page(request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """Open a page at both widths, one test each."""
    yield from opened(browser, live_server, request.param)


@pytest.fixture
def phone_page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """Open a page as wide as a small phone."""
    yield from opened(browser, live_server, PHONE)


@pytest.fixture
def desk_page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """Open a page as wide as a laptop."""
    yield from opened(browser, live_server, DESK)


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """Return a function that names every accessibility fault axe-core finds on a page."""
    program = VAR / "npm" / "node_modules" / "axe-core" / "axe.min.js"
    if not program.exists():
        pytest.skip("no axe-core (npm install --prefix var/npm axe-core)")
    source = program.read_text(encoding="utf-8")

    def findings(page: Page) -> list[str]:
        page.evaluate(source)  # not a script element: the page's own policy forbids that
        faults = page.evaluate("axe.run().then(found => found.violations)")
        return [f"{fault['id']}: {node['html']}" for fault in faults for node in fault["nodes"]]

    return findings


def opened(browser: Browser, live_server: LiveServer, size: tuple[int, int]) -> Iterator[Page]:
    """Yield a page on the live server, and fail afterwards when it complained or scrolls sideways."""
    width, height = size
    context = browser.new_context(
        base_url=live_server.url,
        viewport={"width": width, "height": height},
        locale="id-ID",
        timezone_id="Asia/Jakarta",
    )
    complaints: list[str] = []
    page = context.new_page()
    page.set_default_timeout(10_000)

    def on_console(message: ConsoleMessage) -> None:
        quiet = message.location.get("url", "").endswith("/favicon.ico") or any(
            known in message.text for known in (IN_WORDS, NO_SIGNAL)
        )
        if message.type == "error" and not quiet:
            complaints.append(f"console: {message.text}")

    def on_response(response: Response) -> None:
        if response.status >= SERVER_ERROR:
            complaints.append(f"{response.status}: {response.url}")

    page.on("console", on_console)
    page.on("response", on_response)
    page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
    yield page
    context.close()
    assert complaints == []
