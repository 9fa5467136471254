"""Signing out, accounts that are closed, and the file of what has not arrived."""

import hashlib
import json
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from programs.models import Cohort
from tests.phone.conftest import Phone

pytestmark = pytest.mark.django_db(transaction=True)

Content = Callable[..., dict[str, Any]]
LEFT = """async (user) => {
  const { openStore } = await import("/static/js/phone/store.js");
  const store = await openStore(user);
  const left = {};
  for (const shelf of ["visits", "blobs", "acts", "kept"]) left[shelf] = (await store.all(shelf)).length;
  store.close();
  return left;
}"""


def left(page: Page, user: User) -> dict[str, int]:
    """Count what is still on the phone."""
    found: dict[str, int] = page.evaluate(LEFT, str(user.pk))
    return found


@pytest.mark.parametrize("place", ["/m/#/queue", "/account/", "/accounts/logout/"])
def test_signing_out_with_unsent_records_asks_twice(phone: Phone, content: Content, made: User, place: str) -> None:
    phone.write(content())
    phone.send()
    phone.context.route("**/api/v1/visits/sync/", lambda route: route.abort())
    phone.write(content(), photos=(900,))
    phone.write(content(), draft=True)
    page = phone.page
    page.goto("about:blank")
    page.goto(phone.address + place)
    form = page.locator("main form[data-sign-out] button")
    first, second = page.locator("dialog[data-leave-ask]").nth(0), page.locator("dialog[data-leave-ask]").nth(1)
    form.click()
    expect(first).to_contain_text("on this phone only: 2.")
    first.get_by_role("button", name="Stay signed in").click()
    expect(first).to_be_hidden()
    assert made.visits.count() == 1
    form.click()
    first.get_by_role("button", name="Sign out anyway").click()
    with page.expect_navigation():
        second.get_by_role("button", name="Yes, sign out").click()
    page.goto(f"{phone.address}/accounts/login/")
    expect(page.locator("[name=login]")).to_be_visible()
    assert left(page, made) == {"visits": 2, "blobs": 1, "acts": 0, "kept": 0}
    page = phone.open()
    expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("Parengan")
    phone.sign_in(made)
    page = phone.open("#/queue")
    expect(page.locator(".queue-count strong").nth(0)).to_have_text("1")
    expect(page.locator("[data-shelf=waiting]")).to_contain_text("Parengan")


def test_signing_out_with_nothing_left_asks_nothing(phone: Phone, content: Content, made: User) -> None:
    phone.write(content())
    phone.send()
    page = phone.open("#/queue")
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out").click()
    page.goto(f"{phone.address}/accounts/login/")
    assert left(page, made) == {"visits": 0, "blobs": 0, "acts": 0, "kept": 0}


def test_closed_account_keeps_only_what_has_not_arrived(phone: Phone, content: Content, made: User) -> None:
    phone.write(content())
    phone.send()
    phone.write(content())
    User.objects.filter(pk=made.pk).update(is_active=False)
    phone.send()
    expect(phone.page.locator("[data-view]")).to_contain_text("may no longer use the app")
    assert left(phone.page, made) == {"visits": 1, "blobs": 0, "acts": 0, "kept": 0}
    assert phone.states() == ["waiting"]


def test_draft_is_deleted_only_after_asking(phone: Phone, content: Content) -> None:
    phone.write(content(), photos=(700,), draft=True)
    page = phone.open("#/queue")
    page.locator("[data-shelf=draft]").get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Keep it").click()
    assert phone.states() == ["draft"]
    page.locator("[data-shelf=draft]").get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete the draft").click()
    expect(page.locator("[data-shelf=draft]")).to_be_hidden()
    assert (phone.rows(), phone.rows("blobs")) == ([], [])


def test_unsent_records_are_saved_as_a_file(phone: Phone, content: Content, made: User, cohort: Cohort) -> None:
    sent = phone.write(content())
    phone.send()
    phone.context.route("**/api/v1/visits/sync/", lambda route: route.abort())
    key = phone.write(content(summary="Kept"), photos=(70_000, 10))
    page = phone.open("#/queue")
    with page.expect_download() as given:
        page.get_by_role("button", name="Save unsent records as a file").click()
    file = json.loads(Path(given.value.path()).read_text())
    assert (file["kind"], file["schema"], file["mentor"]) == ("desa-devisa-unsent", 1, made.pk)
    [visit] = file["visits"]
    assert (visit["id"], visit["summary"], visit["village"], visit["state"]) == (
        key,
        "Kept",
        cohort.village_id,
        "submitted",
    )
    assert key != sent
    assert [photo["visit"] for photo in file["photos"]] == [key, key]
    for photo, size in zip(file["photos"], (70_000, 10), strict=True):
        jpeg = b64decode(photo["jpeg"])
        assert (len(jpeg), hashlib.sha256(jpeg).hexdigest()) == (size, photo["sha256"])
    assert phone.states() == ["sent", "waiting"]


def test_what_is_too_much_for_one_file_makes_several(phone: Phone, content: Content) -> None:
    phone.context.route("**/api/v1/visits/sync/", lambda route: route.abort())
    keys = [phone.write(content(), photos=(60_000,)) for _visit in range(3)]
    files = [
        json.loads(text)
        for text in phone.page.evaluate(
            """async () => {
              const { app } = await import("/static/js/phone/app.js");
              const { unsentFiles } = await import("/static/js/phone/unsent.js");
              return Promise.all((await unsentFiles(app.store, 7, 100_000)).map((file) => file.text()));
            }"""
        )
    ]
    assert sorted(visit["id"] for file in files for visit in file["visits"]) == sorted(keys)
    for file in files:
        assert [photo["visit"] for photo in file["photos"]] == [visit["id"] for visit in file["visits"]]
    assert len(files) == 3


@pytest.mark.parametrize("width", [360, 1280])
def test_queue_has_no_faults(phone: Phone, content: Content, axe: Callable[[Page], list[str]], width: int) -> None:
    phone.write(content(program=987654))
    phone.send()
    phone.context.route("**/api/v1/visits/sync/", lambda route: route.abort())
    phone.write(content(), photos=(900,))
    phone.write(content(), draft=True)
    phone.page.set_viewport_size({"width": width, "height": 800})
    page = phone.open("#/queue")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
