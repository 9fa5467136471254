"""A visit in five steps: few taps, and what is written is what is sent."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.utils.timezone import now
from playwright.sync_api import expect

from accounts.models import User
from programs.models import Cohort, Program
from tests import factories
from tests.phone.visit.conftest import Phone
from tests.phone.visit.pictures import named, picture
from villages.models import Person, Village

pytestmark = pytest.mark.django_db(transaction=True)
MOST_TAPS = 10


def test_usual_visit_takes_at_most_ten_taps(
    phones: Callable[..., Phone], cohort: Cohort, people: list[Person], elsewhere: Village, made: User
) -> None:
    factories.AssignmentFactory.create(mentor=made, village=elsewhere)
    factories.CohortFactory.create(village=elsewhere, program=cohort.program)
    phone, taps = phones(), 0
    page = phone.begin()

    def tap(selector: str, text: str = "") -> None:
        nonlocal taps
        taps += 1
        page.locator(f"{selector}:visible", has_text=text).first.click()

    tap("[data-villages] button", "Parengan")
    for person in people:
        tap(".visit-pick", person.name)
    tap("[data-next]")
    with page.expect_file_chooser() as camera:
        tap(".visit-file")
    camera.value.set_files(named("loom.jpg", picture()))
    expect(page.locator("[data-photos] canvas")).to_have_count(1)
    tap("[data-next]")
    tap("[data-modules] label", "Design")
    page.locator("[data-field=summary]").fill("Three looms")
    tap("[data-next]")
    tap("[data-send]")
    expect(page.locator("[data-kept]")).to_be_visible()
    assert taps <= MOST_TAPS
    row = phone.row()
    assert (row["state"], page.url.split("#")[1]) == ("waiting", "/")
    assert row["content"]["attendees"] == [{"person": person.pk} for person in people]


def test_what_is_written_is_what_is_sent(phone: Phone, cohort: Cohort, people: list[Person]) -> None:
    page = phone.begin()
    expect(page.locator('.is-now[data-step="2"]')).to_be_visible()  # the only village is taken by itself
    page.get_by_label("Ani").check()
    page.locator("[data-walk-in]").click()
    page.keyboard.type("Pak Lurah")
    phone.go(4)
    page.locator("[data-modules] label", has_text="Branding").click()
    page.locator("[data-modules] label", has_text="Design").click()
    page.locator("[data-field=summary]").fill(" Three looms\nTwo dyers ")
    page.locator("[data-field=purpose]").fill("Colours")
    page.locator("[data-finding]").click()
    page.locator("[data-about]").select_option("criterion:quality")
    page.locator("[data-text]").fill("Colours run.")
    page.locator("[data-finding]").click()  # one that stays empty is none
    phone.go(5)
    page.locator("[data-item]").click()
    page.keyboard.type("Dye again")
    page.locator("[data-owner]").fill("Ani")
    page.locator('[data-items] [data-days="14"]').click()
    page.locator("[data-send]").click()
    expect(page.locator("[data-kept]")).to_be_visible()
    content = phone.row()["content"]
    visited, key = content.pop("visited_at"), content["action_items"][0].pop("id")
    due = (datetime.now(UTC) + timedelta(hours=7, days=14)).date().isoformat()
    assert content == {
        "village": cohort.village_id,
        "program": cohort.program_id,
        "mode": "on_site",
        "modules": ["design", "branding"],
        "purpose": "Colours",
        "summary": "Three looms\nTwo dyers",
        "attendees": [{"person": people[0].pk}, {"name": "Pak Lurah"}],
        "findings": [{"criterion": "quality", "text": "Colours run."}],
        "action_items": [{"what": "Dye again", "owner": "Ani", "due_on": due}],
        "location": {"lat": -7.05123, "lon": 112.24123, "accuracy": 12},
        "corrects": None,
        "followed": [],
        "state": "submitted",
    }
    assert UUID(key).version == 7
    assert visited.endswith(":00+07:00")
    assert abs(datetime.fromisoformat(visited) - now()) < timedelta(minutes=3)


def test_program_is_asked_for_when_there_are_several(phone: Phone, cohort: Cohort, program: Program) -> None:
    other = factories.CohortFactory.create(village=cohort.village, program__name="Second").program
    page = phone.begin()
    page.locator("[data-villages] button").click()
    expect(page.locator("[data-programs-field]")).to_be_visible()
    page.locator("[data-programs] button", has_text="Second").click()
    expect(page.locator('.is-now[data-step="2"]')).to_be_visible()
    phone.saved()
    assert phone.row()["content"]["program"] == other.pk


def test_village_that_was_used_last_stands_first(phone: Phone, cohort: Cohort, elsewhere: Village, made: User) -> None:
    factories.AssignmentFactory.create(mentor=made, village=elsewhere)
    there = factories.CohortFactory.create(village=elsewhere, program=cohort.program)
    factories.VisitFactory.create(cohort=there, mentor=made)
    page = phone.begin()
    expect(page.locator("[data-villages] strong")).to_have_text(["Sukarara", "Parengan"])
    page.locator("[data-villages] button", has_text="Parengan").click()
    page.get_by_label("Ani").check()
    phone.go(1)
    page.locator("[data-villages] button", has_text="Sukarara").click()
    phone.saved()
    assert phone.row()["content"]["attendees"] == []  # people of another village were not here
    phone.go(1)
    page.locator("[data-villages] button", has_text="Parengan").click()
    expect(page.get_by_label("Ani")).to_be_checked()


def test_many_names_are_searched_and_all_are_taken(phone: Phone, cohort: Cohort) -> None:
    factories.PersonFactory.create_batch(11, village=cohort.village)
    page = phone.begin()
    page.locator("[data-search=people]").fill("lid")
    expect(page.locator("[data-people] li:visible")).to_have_count(1)
    page.locator("[data-search=people]").fill("nobody")
    expect(page.locator("[data-unfound]")).to_be_visible()
    page.locator("[data-search=people]").fill("")
    page.locator("[data-all]").click()
    expect(page.locator("[data-came]")).to_have_text("14 people were there")
    phone.saved()
    assert len(phone.row()["content"]["attendees"]) == 14
    page.locator("[data-all]").click()
    expect(page.locator("[data-people] :checked")).to_have_count(0)


def test_what_was_agreed_earlier_is_settled_by_one_tap_each(phone: Phone, cohort: Cohort, made: User) -> None:
    visit = factories.VisitFactory.create(cohort=cohort, mentor=made)
    done, again, dropped, _open = (
        factories.ActionItemFactory.create(visit=visit, what=what) for what in ("Done", "Again", "Dropped", "Open")
    )
    page = phone.begin()
    phone.go(5)
    lines = page.locator("[data-earlier] > li")
    expect(lines).to_have_count(4)
    expect(lines.first.locator("[data-late]")).to_be_visible()
    for what, value in (("Done", "done"), ("Again", "carried_over"), ("Dropped", "dropped")):
        lines.filter(has=page.get_by_text(what, exact=True).and_(page.locator(".strong"))).locator(
            f'[value="{value}"]'
        ).check()
    lines.filter(has=page.locator(".strong", has_text="Done")).locator("[data-words]").fill("Sold")
    page.get_by_label("Ani").evaluate("box => box.click()")
    page.locator("[data-send]").click()
    expect(page.locator("[data-earlier] .field-error:visible")).to_have_text("Say why it is given up.")
    lines.filter(has=page.locator(".strong", has_text="Dropped")).locator("[data-words]").fill("No buyer")
    page.locator("[data-send]").click()
    expect(page.locator("[data-kept]")).to_be_visible()
    day = (datetime.now(UTC) + timedelta(hours=7, days=7)).date().isoformat()
    followed = {each["id"]: each for each in phone.row()["content"]["followed"]}
    assert followed == {
        str(done.pk): {"id": str(done.pk), "outcome": "done", "words": "Sold", "due_on": None},
        str(again.pk): {"id": str(again.pk), "outcome": "carried_over", "words": "", "due_on": day},
        str(dropped.pk): {"id": str(dropped.pk), "outcome": "dropped", "words": "No buyer", "due_on": None},
    }


def test_what_is_missing_is_said_where_it_is(phone: Phone) -> None:
    page = phone.begin()
    phone.go(4)
    page.locator("[data-day]").fill((now() + timedelta(days=2)).date().isoformat())
    phone.go(5)
    page.locator("[data-item]").click()
    page.locator("[data-owner]").fill("Ani")
    page.locator("[data-send]").click()
    expect(page.locator('.is-now[data-step="4"]')).to_be_visible()
    expect(page.locator("[data-trouble]")).to_have_text("3 things are missing before this can go.")
    expect(page.locator('[data-error="done"]')).to_have_text("Say what was done, or who was there.")
    expect(page.locator('[data-error="when"]')).to_contain_text("still to come")
    expect(page.locator("[data-field=summary]")).to_be_focused()
    assert page.locator("[data-visit] [data-clock]").get_attribute("aria-invalid") == "true"
    phone.saved()
    assert phone.row()["state"] == "draft"
    page.locator("[data-field=summary]").fill("Looms")
    expect(page.locator('[data-error="done"]')).to_be_hidden()


def test_back_button_of_the_phone_and_of_the_page_agree(phone: Phone) -> None:
    page = phone.begin()
    page.locator("[data-next]").click()
    page.locator("[data-next]").click()
    expect(page.locator('.is-now[data-step="4"]')).to_be_visible()
    page.go_back()
    expect(page.locator('.is-now[data-step="3"]')).to_be_visible()
    page.locator("[data-back]").click()
    expect(page.locator('.is-now[data-step="2"]')).to_be_visible()
    expect(page.locator('.is-now[data-step="2"] h2')).to_be_focused()
    expect(page.locator("[data-fill=progress]")).to_have_text("2 of 5")
    page.go_back()
    expect(page.locator("[data-visit]")).to_have_count(0)


def test_keyboard_is_enough(phone: Phone) -> None:
    page = phone.begin()
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('[data-people] input')"):
            break
    page.keyboard.press("Space")
    expect(page.locator("[data-people] :checked")).to_have_count(1)
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('[data-next]')"):
            break
    page.keyboard.press("Enter")
    expect(page.locator('.is-now[data-step="3"] h2')).to_be_focused()


def test_draft_that_nobody_wrote_in_is_not_kept(phone: Phone) -> None:
    page = phone.begin()
    assert len(phone.rows()) == 1
    page.locator(".visit-close").click()
    expect(page.locator("[data-visit]")).to_have_count(0)
    page.wait_for_timeout(300)
    assert phone.rows() == []


def test_unknown_visit_is_said(phone: Phone) -> None:
    page = phone.open("#/visit/018f3a52-0000-7000-8000-00000000ffff/1")
    expect(page.locator("h1")).to_have_text("This visit is not on the phone")
