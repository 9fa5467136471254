"""The location comes quietly, may be refused, and never stands in the way."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from programs.models import Cohort
from tests.phone.visit.conftest import Phone
from villages.models import Person

pytestmark = pytest.mark.django_db(transaction=True)


def test_location_is_kept_to_about_a_metre_with_its_accuracy(phone: Phone) -> None:
    page = phone.begin()
    phone.go(1)
    expect(page.locator("[data-place]")).to_contain_text("Location ±12 m")
    phone.saved()
    assert phone.row()["content"]["location"] == {"lat": -7.05123, "lon": 112.24123, "accuracy": 12}


def test_without_a_location_a_visit_is_saved_all_the_same(
    phones: Callable[..., Phone], cohort: Cohort, people: list[Person]
) -> None:
    phone = phones(spot=None)
    page = phone.begin()
    page.get_by_label("Ani").check()
    phone.go(1)
    expect(page.locator("[data-place]")).to_contain_text("No location. You can save all the same.")
    phone.go(5)
    page.locator("[data-send]").click()
    expect(page.locator("[data-kept]")).to_be_visible()
    assert phone.row()["content"]["location"] is None


def test_location_belongs_to_a_visit_on_site_only(phone: Phone) -> None:
    page = phone.begin()
    phone.go(1)
    expect(page.locator("[data-place]")).to_contain_text("±12 m")
    phone.go(4)
    page.get_by_label("By phone").check(force=True)
    phone.saved()
    assert (phone.row()["content"]["mode"], phone.row()["content"]["location"]) == ("phone", None)
    page.get_by_label("On site").check(force=True)
    phone.go(5)
    expect(page.locator("[data-review-more]")).to_contain_text("±12 m")


def test_location_can_be_left_out_and_stays_out(phone: Phone) -> None:
    page = phone.begin()
    page.get_by_label("Ani").check()
    phone.go(1)
    page.locator("[data-place-off]").click()
    expect(page.locator("[data-place]")).to_contain_text("not kept")
    phone.saved()
    again = phone.open(f"#/visit/{phone.row()['id']}/1")
    expect(again.locator("[data-place]")).to_contain_text("not kept")
    assert phone.row()["content"]["location"] is None
    again.locator("[data-place-again]").click()
    expect(again.locator("[data-place]")).to_contain_text("±12 m")
