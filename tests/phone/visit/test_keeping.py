"""Nothing that was typed is lost: not when the page goes, not when the browser dies, not between two windows."""

from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, expect

from tests.phone.visit.conftest import Phone
from tests.phone.visit.pictures import named, picture

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "Three looms stand still; the yarn has not come."


def _typing(phone: Phone) -> Page:
    page = phone.begin()
    phone.go(4)
    page.locator("[data-field=summary]").press_sequentially(WORDS, delay=15)
    return page


def test_key_is_on_the_disk_within_a_moment(phone: Phone) -> None:
    page = _typing(phone)
    page.wait_for_timeout(300)
    phone.saved()
    assert phone.row()["content"]["summary"] == WORDS


def test_draft_opens_where_it_was_after_the_page_was_closed_at_a_key(phone: Phone) -> None:
    page = _typing(phone)
    key = page.url.split("/")[-2]
    page.close(run_before_unload=True)
    phone.page = phone.tab()
    again = phone.open(f"#/visit/{key}")
    expect(again.locator('.is-now[data-step="4"] [data-field=summary]')).to_have_value(WORDS)


@pytest.mark.parametrize("place", [0, 1, 7, 20])
def test_draft_opens_where_it_was_after_a_crash_at_a_key(phone: Phone, place: int) -> None:
    page = phone.begin()
    phone.go(4)
    page.locator("[data-field=summary]").press_sequentially(WORDS[:place], delay=20)
    phone.saved()
    key = page.url.split("/")[-2]
    page.locator("[data-field=summary]").press_sequentially(WORDS[place], delay=0)
    with page.expect_event("crash"), suppress(Error):
        page.goto("chrome://crash", timeout=3000)
    phone.page = phone.tab()
    again = phone.open(f"#/visit/{key}")
    kept = again.locator('.is-now[data-step="4"] [data-field=summary]').input_value()
    assert kept in {WORDS[:place], WORDS[: place + 1]}


def test_second_window_reads_only_until_it_takes_the_draft_over(phone: Phone) -> None:
    first = _typing(phone)
    first.wait_for_timeout(400)
    second = phone.open(first.url.split("/m/")[1], phone.tab())
    expect(second.locator("[data-notes]")).to_contain_text("open in another window")
    expect(second.locator("[data-field=summary]")).to_be_disabled()
    expect(second.locator("[data-field=summary]")).to_have_value(WORDS)
    first.bring_to_front()
    first.locator("[data-field=summary]").press_sequentially(" Nobody knows.")
    expect(second.locator("[data-field=summary]")).to_have_value(f"{WORDS} Nobody knows.")
    first.locator("[data-field=summary]").press_sequentially(" Why?")
    second.locator("[data-take]").evaluate("button => button.click()")
    expect(second.locator("[data-field=summary]")).to_be_enabled()
    expect(second.locator("[data-field=summary]")).to_have_value(f"{WORDS} Nobody knows. Why?")
    expect(first.locator("[data-field=summary]")).to_be_disabled()
    expect(first.locator("[data-take]")).to_be_visible()
    second.locator("[data-field=summary]").fill("Ours now")
    expect(first.locator("[data-field=summary]")).to_have_value("Ours now")
    second.locator(".visit-saved.is-saved").wait_for()
    assert phone.row()["content"]["summary"] == "Ours now"


def test_window_that_sleeps_is_passed_over_and_writes_nothing_when_it_wakes(phone: Phone) -> None:
    first = _typing(phone)
    first.wait_for_timeout(400)
    second = phone.open(first.url.split("/m/")[1], phone.tab())
    sleep = "() => { const until = Date.now() + 3000; setTimeout(() => { while (Date.now() < until) { } }, 50); }"
    first.evaluate(sleep)
    second.locator("[data-take]").click()
    expect(second.locator("[data-field=summary]")).to_be_enabled()
    second.locator("[data-field=summary]").fill("Ours now")
    first.wait_for_timeout(3200)
    expect(first.locator("[data-field=summary]")).to_be_disabled()
    assert phone.row(second)["content"]["summary"] == "Ours now"


def test_visit_sent_in_one_window_is_read_in_the_other(phone: Phone) -> None:
    first = _typing(phone)
    second = phone.open(first.url.split("/m/")[1], phone.tab())
    expect(second.locator("[data-take]")).to_be_visible()
    first.bring_to_front()
    phone.go(5)
    first.locator("[data-send]").click()
    expect(first.locator("[data-kept]")).to_be_visible()
    expect(second.locator("[data-read]")).to_contain_text("Kept on this phone")


def test_two_drafts_begin_beside_each_other(phone: Phone) -> None:
    first = phone.begin()
    second = phone.open("#/visit/new", phone.tab())
    second.locator("[data-visit]").wait_for()
    assert first.url.split("/")[-2] != second.url.split("/")[-2]


def test_photo_is_on_the_disk_before_it_is_counted(phone: Phone) -> None:
    page = phone.begin()
    phone.go(3)
    page.locator("[data-camera]").set_input_files(named("loom.jpg", picture()))
    page.locator("[data-photos] canvas").wait_for()
    assert len(phone.rows("blobs")) == len(phone.row()["photos"]) == 1
