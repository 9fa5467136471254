"""The doors in a real browser, at both widths, with the strict content policy in force."""

import pytest
from django.core import mail
from playwright.sync_api import Page, expect
from pytest_django import Settings

from accounts.models import User
from accounts.states import Role

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "empat kata yang kuingat"


@pytest.fixture
def _made() -> None:
    User.objects.create_user(
        name="Made Suardana", role=Role.MENTOR, email="made@example.org", phone="+6281234567890", password=PASSWORD
    )


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.usefixtures("_made")
def test_sign_in_by_phone_opens_the_account(page: Page) -> None:
    page.goto("/account/")
    assert fits(page)
    page.locator("[name=login]").fill("0812 3456 7890")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    expect(page).to_have_url("http://" + page.url.split("/")[2] + "/account/")
    expect(page.locator("main h2").first).to_have_text("Made Suardana")
    assert fits(page)


@pytest.mark.usefixtures("_made")
def test_wrong_password_is_said_and_focused(page: Page) -> None:
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill("made@example.org")
    page.locator("[name=password]").fill("wrong")
    page.locator("main form button").first.click()
    expect(page.locator("[role=alert] li")).to_have_count(1)
    assert fits(page)


def test_language_switch_keeps_the_page(page: Page) -> None:
    page.goto("/help/")
    page.locator("header form button").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url.endswith("/help/")
    assert fits(page)


def test_icons_are_drawn_under_the_policy(page: Page) -> None:
    page.goto("/help/")
    drawn = page.locator("header .icon use").first.evaluate("use => use.getBBox().width")
    assert drawn > 0


def test_pages_can_be_reached_by_keyboard(page: Page) -> None:
    page.goto("/help/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


@pytest.mark.usefixtures("_made")
def test_new_code_may_be_asked_for_when_the_seconds_are_over(page: Page, settings: Settings) -> None:
    settings.MESSAGE_CHANNELS = ["whatsapp", "log"]
    settings.WHATSAPP_BASE_URL = "http://127.0.0.1:1/v26.0"  # nobody is there: the code goes by e-mail
    page.clock.install()
    page.goto("/accounts/login/code/")
    page.locator("[name=login]").fill("0812 3456 7890")
    page.locator("main form button").first.click()
    expect(page.locator("main .lead")).to_contain_text("0812-••••-890")
    expect(page.locator("main .lead")).to_contain_text("WhatsApp")
    again = page.locator("button[data-wait]")
    expect(again).to_be_disabled()
    expect(again).to_contain_text("(")
    assert fits(page)
    page.clock.fast_forward(61_000)
    expect(again).to_be_enabled()
    expect(again).not_to_contain_text("(")
    assert len(mail.outbox) == 1
