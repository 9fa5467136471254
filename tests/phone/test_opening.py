"""The first opening, later ones with no network, what is kept and for whom, and a newer edition."""

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from config.statics import bare
from phone import views
from phone.shell import assets, shell
from programs.models import Cohort
from tests.phone.conftest import KEPT, Phone, lasting
from villages.models import Person

pytestmark = pytest.mark.django_db(transaction=True)

Content = Callable[..., dict[str, Any]]
HEAVIEST = 100 * 1024  # bytes of the whole app, cold, over the wire
PACK = "**/api/v1/me/pack/"
HEAR = """
  window.heard = [];
  addEventListener("DOMContentLoaded", () => {
    const note = () => heard.push(document.querySelector("[data-fill=state]")?.textContent);
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
"""
KEEP = """async (days) => {
  const { app } = await import("/static/js/phone/app.js");
  const fresh = (await app.store.get("kept", "fresh")).value;
  await app.store.put("kept", { name: "fresh", value: { ...fresh, at: Date.now() - days * 86400000 } });
}"""


@pytest.fixture
def dying(transactional_db: None) -> Iterator[LiveServer]:
    """A server that can be taken away."""
    server = LiveServer("127.0.0.1")
    yield server
    server.stop()


def test_app_opens_from_a_cold_start_with_no_network(
    browser: Browser, dying: LiveServer, made: User, cohort: Cohort, lidia: Person, content: Content, tmp_path: Path
) -> None:
    phone = lasting(browser, dying.url, tmp_path)
    phone.sign_in(made)
    phone.open()
    expect(phone.page.locator("[data-line]")).to_contain_text("Nothing sent from this phone yet")
    phone.ready()
    phone.write(content(), photos=(1000,))
    phone.context.close()
    dying.stop()
    phone = lasting(browser, dying.url, tmp_path)
    page = phone.open("#/queue")
    expect(page.locator("[data-line]")).to_contain_text("No signal")
    expect(page.locator("[data-shelf=waiting]")).to_contain_text("Parengan")
    assert phone.page.evaluate("import('/static/js/phone/app.js').then(({ app }) => app.pack.people.length)") == 1
    assert len(phone.rows("blobs")) == 1
    phone.context.close()


def test_first_opening_shows_what_is_fetched(
    browser: Browser, live_server: LiveServer, made: User, lidia: Person
) -> None:
    phone = Phone(browser.new_context(), live_server.url)
    phone.sign_in(made)
    phone.context.add_init_script(HEAR)
    phone.open()
    phone.page.wait_for_function("() => document.querySelector('[data-line]').dataset.mood")
    heard = phone.page.evaluate("heard")
    assert any(text and text.startswith("1 villages, 1 people, 0 action items, 0 sessions: ") for text in heard)
    phone.context.close()


def test_first_opening_without_an_answer_says_so_and_tries_again(
    browser: Browser, live_server: LiveServer, made: User
) -> None:
    phone = Phone(browser.new_context(), live_server.url)
    phone.sign_in(made)
    phone.context.route(PACK, lambda route: route.abort())
    page = phone.open()
    expect(page.locator("[data-view]")).to_contain_text("The first time needs a signal")
    phone.context.unroute(PACK)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".first")).to_have_count(0)
    phone.context.close()


def test_young_pack_is_not_asked_for_again_and_an_old_one_cheaply(phone: Phone) -> None:
    statuses: list[int] = []
    phone.page.on("response", lambda answer: statuses.append(answer.status) if "me/pack" in answer.url else None)
    phone.open()
    phone.send()
    assert statuses == []
    phone.page.evaluate(KEEP, 1)
    phone.open()
    phone.send()
    assert statuses == [304]


def test_somebody_else_never_sees_what_is_kept(phone: Phone, content: Content, ina: User) -> None:
    phone.write(content(summary="Made's secret"))
    phone.sign_in(ina)
    page = phone.open("#/queue")
    expect(page.locator("[data-line]")).to_contain_text("Nothing sent from this phone yet")
    expect(page.locator("body")).not_to_contain_text("Parengan")
    expect(page.locator(".queue-count strong")).to_have_text(["0", "0", "0", "0"])
    names = page.evaluate("indexedDB.databases().then((all) => all.map(({ name }) => name))")
    assert len(names) == 2  # Made's waits for Made


def test_without_an_answer_a_new_sign_in_shows_nothing(phone: Phone, ina: User) -> None:
    phone.context.route(PACK, lambda route: route.abort())
    phone.sign_in(ina)
    page = phone.open()
    expect(page.locator("[data-view]")).to_contain_text("No answer")
    expect(page.locator("body")).not_to_contain_text("Parengan")


def test_open_page_of_one_never_sends_as_another(phone: Phone, content: Content, ina: User, made: User) -> None:
    phone.write(content())
    phone.sign_in(ina)
    with phone.page.expect_navigation():  # it notices, and opens again as hers
        phone.page.evaluate("() => { import('/static/js/phone/app.js').then(({ app }) => app.sender.send()); }")
    phone.page.locator("[data-view] h1").first.wait_for()
    assert not made.visits.exists()
    assert not ina.visits.exists()
    phone.sign_in(made)
    phone.open()
    phone.page.wait_for_function("() => /arrived/.test(document.querySelector('[data-line]').textContent)")
    assert made.visits.count() == 1


def test_emptied_storage_is_said_and_filled_again(phone: Phone, content: Content) -> None:
    phone.write(content())
    phone.send()
    phone.write(content())
    expect(phone.page.locator("[data-line]")).to_contain_text("1 waiting")
    phone.context.route(PACK, lambda route: route.abort())
    phone.page.goto(f"{phone.address}/help/")
    phone.page.evaluate(
        """async () => { for (const { name } of await indexedDB.databases())
             await new Promise((done) => { indexedDB.deleteDatabase(name).onsuccess = done; }); }"""
    )
    page = phone.open()
    expect(page.locator("[data-why]")).to_contain_text("emptied this app's storage, and 1 records")
    phone.context.unroute(PACK)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".first")).to_have_count(0)
    page = phone.open("#/queue")
    expect(page.locator("[data-shelf=sent]")).to_contain_text("Waits for approval")  # from the server's own list


def test_after_thirty_days_without_contact_people_are_hidden(phone: Phone, content: Content) -> None:
    phone.write(content())
    phone.page.evaluate(KEEP, 31)
    phone.context.route("**/api/**", lambda route: route.abort())
    page = phone.open()
    expect(page.locator("[data-why]")).to_contain_text("30 days")
    page = phone.open("#/queue")
    expect(page.locator(".queue-count strong")).to_have_text(["0", "1", "0", "0"])
    phone.context.unroute("**/api/**")
    phone.open()
    expect(phone.page.locator(".first")).to_have_count(0)


def test_newer_edition_waits_for_its_owner(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    other = phone.tab()
    other.goto(f"{phone.address}/m/")
    other.locator("[data-view] h1").first.wait_for()
    assert phone.page.locator("[data-update]").is_hidden()
    monkeypatch.setattr(views, "edition", lambda _page, _files: "f" * 16)
    phone.page.evaluate("navigator.serviceWorker.getRegistration().then((kept) => kept.update())")
    button = phone.page.get_by_role("button", name="A new version is ready")
    expect(button).to_be_visible()
    with phone.page.expect_navigation():
        button.click()
    phone.page.locator("[data-view] h1").first.wait_for()
    phone.page.evaluate(KEPT)
    assert phone.page.evaluate("caches.keys()") == ["shell-" + "f" * 16]
    expect(other.get_by_role("button", name="A new version is ready")).to_be_visible()  # nothing is torn from its hands


def test_row_of_an_older_edition_is_read_and_sent(phone: Phone, content: Content, made: User) -> None:
    phone.page.evaluate(
        """async (content) => {
          const { app } = await import("/static/js/phone/app.js");
          const id = "0199aaaa-0000-7000-8000-00000000000a";
          await app.store.put("visits", { id, state: "waiting", content, photos: [] });
        }""",
        content(),
    )
    phone.send()
    assert phone.states() == ["sent"]
    assert phone.rows()[0]["schema"] == 1
    assert made.visits.count() == 1


def test_full_disk_loses_nothing(browser: Browser, live_server: LiveServer, tmp_path: Path) -> None:
    phone = lasting(browser, live_server.url, tmp_path)
    phone.page.goto(f"{phone.address}/accounts/login/")
    session = phone.context.new_cdp_session(phone.page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": phone.address, "quotaSize": 200_000})
    said = phone.page.evaluate(
        """async () => {
          const { openStore, StorageFull } = await import("/static/js/phone/store.js");
          const store = await openStore("1");
          await store.put("visits", { id: "a", state: "draft", photos: [] });
          const blob = crypto.getRandomValues(new Uint8Array(60_000));
          const put = (id) => ({ shelf: "blobs", put: { id, visit: "a", blob } });
          const photos = ["1", "2", "3", "4", "5", "6"].map(put);
          const change = { shelf: "visits", put: { id: "a", state: "waiting", photos } };
          const full = await store.write([change, ...photos]).catch((error) => error instanceof StorageFull);
          const [{ state }] = await store.all("visits");
          return [full, state, (await store.all("blobs")).length];
        }"""
    )
    assert said == [True, "draft", 0]
    phone.context.close()


def test_whole_app_is_light(client: Client, made: User) -> None:
    def packed(data: bytes) -> int:
        return len(gzip.compress(data, 6))

    client.force_login(made)
    page = client.get("/m/", headers={"Accept-Encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    files = [Path(str(finders.find(name.removeprefix(settings.STATIC_URL)))) for name in assets()]
    kept = [bare(file.read_text()).encode() if file.suffix == ".js" else file.read_bytes() for file in files]
    worker = client.get("/m/worker.js").content
    total = len(page.content) + sum(map(packed, kept)) + packed(worker)
    assert len(shell()) > len(page.content)
    assert total <= HEAVIEST, f"{total} bytes"


def test_sending_goes_on_when_a_network_comes(phone: Phone, content: Content, made: User) -> None:
    phone.context.set_offline(True)
    phone.write(content())
    expect(phone.page.locator("[data-line]")).to_have_attribute("data-mood", "offline")
    phone.context.set_offline(False)
    expect(phone.page.locator("[data-line]")).to_contain_text("everything has arrived")
    assert made.visits.count() == 1
