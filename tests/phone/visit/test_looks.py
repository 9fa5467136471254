"""The steps on a small screen, on a desk, to a reader of screens, and in both languages."""

from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from accounts.models import User
from mentoring.models import Visit
from programs.models import Cohort
from tests import factories
from tests.phone.visit.conftest import Phone
from tests.phone.visit.pictures import named, picture
from tests.plumbing.browser import DESK, PHONE
from villages.models import Person

pytestmark = pytest.mark.django_db(transaction=True)
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TARGETS = "a, button, label.button, .visit-pick, .visit-chips label, input, select"
SMALL = """(targets) => [...document.querySelectorAll(`[data-visit] :is(${targets})`)]
  .filter((each) => each.checkVisibility() && !each.matches("[type=checkbox], [type=radio], [type=file]"))
  .filter((each) => each.getBoundingClientRect().height < 47.5 || each.getBoundingClientRect().width < 44)
  .map((each) => each.outerHTML.slice(0, 120))"""


@pytest.fixture
def busy(cohort: Cohort, people: list[Person], made: User) -> Visit:
    """Have something in each step, and a visit before."""
    visit: Visit = factories.VisitFactory.create(cohort=cohort, mentor=made)
    factories.ActionItemFactory.create(visit=visit)
    factories.PersonFactory.create_batch(11, village=cohort.village)
    return visit


def _fill(page: Page) -> None:
    page.locator("[data-walk-in]").evaluate("button => button.click()")
    page.locator("[data-finding]").evaluate("button => button.click()")
    page.locator("[data-item]").evaluate("button => button.click()")
    page.locator("[data-gallery]").set_input_files(named("loom.jpg", picture()))
    expect(page.locator("[data-photos] canvas")).to_have_count(1)


def test_every_step_on_a_phone_is_sound(
    busy: Visit, phones: Callable[..., Phone], axe: Callable[[Page], list[str]]
) -> None:
    phone = phones(size=PHONE)
    page = phone.begin()
    _fill(page)
    for step in range(1, 6):
        phone.go(step)
        assert axe(page) == []
        assert page.evaluate(SIDEWAYS) == 0
        assert page.evaluate(SMALL, TARGETS) == []
    page.locator("[data-send]").click()
    page.locator("[data-trouble]:not(:empty)").wait_for()
    assert axe(page) == []


def test_all_steps_are_one_page_on_a_desk(
    busy: Visit, phones: Callable[..., Phone], axe: Callable[[Page], list[str]]
) -> None:
    phone = phones(size=(1280, DESK[1]))
    page = phone.begin()
    _fill(page)
    for step in range(1, 6):
        expect(page.locator(f'[data-step="{step}"]')).to_be_visible()
    first, fourth = (page.locator(f'[data-step="{n}"]').bounding_box() for n in (1, 4))
    assert first
    assert fourth
    assert fourth["x"] > first["x"] + first["width"] - 1
    assert axe(page) == []
    assert page.evaluate(SIDEWAYS) == 0
    page.get_by_label("Ani").check()
    page.locator("[data-remove]:visible").first.click()
    page.locator("[data-send]").click()
    expect(page.locator("[data-kept]")).to_be_visible()


def test_visit_that_is_read_is_sound(
    busy: Visit, phones: Callable[..., Phone], axe: Callable[[Page], list[str]]
) -> None:
    page = phones().open(f"#/visit/{busy.pk}")
    page.locator("[data-read]").wait_for()
    assert axe(page) == []
    assert page.evaluate(SIDEWAYS) == 0


def test_words_are_indonesian_unless_chosen_otherwise(phone: Phone) -> None:
    phone.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": "id", "url": phone.address}])
    page = phone.begin()
    expect(page.locator("html")).to_have_attribute("lang", "id")
    expect(page.locator("[data-back]")).to_have_text("Kembali")
