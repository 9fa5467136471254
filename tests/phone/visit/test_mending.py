"""After sending nothing is changed silently; what comes back is mended, what was approved is corrected beside it."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from mentoring.models import Visit
from mentoring.states import VisitState
from programs.models import Cohort
from tests import factories
from tests.phone.visit.conftest import Phone
from villages.models import Person

pytestmark = pytest.mark.django_db(transaction=True)
TURN = """async ([id, changes]) => {
  const { openStore } = await import("/static/js/phone/store.js");
  const store = await openStore(JSON.parse(localStorage.getItem("phone.user")).user);
  await store.change("visits", id, (row) => ({ ...row, ...changes }));
  store.close();
}"""


def _sent(phone: Phone, **changes: object) -> tuple[Page, str]:
    """Write a visit, hand it over, and let the server's word be `changes`."""
    page = phone.begin()
    page.get_by_label("Ani").check()
    phone.go(5)
    page.locator("[data-send]").click()
    expect(page.locator("[data-kept]")).to_be_visible()
    key = phone.row()["id"]
    if changes:
        page.evaluate(TURN, [key, changes])
    return phone.open(f"#/visit/{key}"), key


def test_visit_arrives_as_it_was_written_and_is_read_from_then_on(
    phone: Phone, cohort: Cohort, people: list[Person], made: User
) -> None:
    phone.context.unroute("**/api/v1/visits/**")
    page = phone.begin()
    page.get_by_label("Ani").check()
    phone.go(4)
    page.locator("[data-field=summary]").fill("Three looms")
    phone.go(5)
    page.locator("[data-send]").click()
    expect(page.locator("[data-kept]")).to_be_visible()
    for _turn in range(40):
        if phone.row()["state"] == "sent":
            break
        page.wait_for_timeout(250)
    visit = Visit.objects.get(pk=phone.row()["id"])
    assert (visit.mentor, visit.cohort, visit.summary, visit.state) == (made, cohort, "Three looms", "submitted")
    assert [came.person for came in visit.attendees.all()] == people[:1]
    page = phone.open(f"#/visit/{visit.pk}")
    expect(page.locator("[data-read]")).to_contain_text("Sent.")


def test_sent_visit_is_only_read(phone: Phone, people: list[Person]) -> None:
    rev = 3
    page, _key = _sent(phone, state="sent", taken=rev, rev=rev)
    expect(page.locator("[data-read]")).to_contain_text("Sent. The coordinator looks at it.")
    expect(page.locator("[data-read]")).to_contain_text("Ani")
    expect(page.locator("[data-reopen]")).to_be_hidden()
    expect(page.locator("textarea, [data-view] input")).to_have_count(0)


def test_waiting_visit_is_read_and_changed_on_purpose_only(phone: Phone) -> None:
    page, _key = _sent(phone)
    expect(page.locator("[data-read]")).to_contain_text("Kept on this phone")
    rev = phone.row()["rev"]
    page.locator("[data-reopen]").click()
    expect(page.locator("[data-visit]")).to_be_visible()
    phone.go(4)
    page.locator("[data-field=summary]").fill("And this")
    phone.saved()
    row = phone.row()
    assert (row["state"], row["content"]["summary"]) == ("draft", "And this")
    assert row["rev"] > rev
    phone.go(5)
    page.locator("[data-send]").click()
    expect(page.locator("[data-kept]")).to_be_visible()
    assert phone.row()["state"] == "waiting"


def test_failed_visit_says_why_and_is_mended(phone: Phone) -> None:
    page, _key = _sent(phone, state="failed", detail="This program has no cohort in this village.")
    expect(page.locator("[data-notes]")).to_contain_text("This program has no cohort in this village.")
    phone.go(4)
    page.locator("[data-field=summary]").fill("Mended")
    phone.go(5)
    page.locator("[data-send]").click()
    expect(page.locator("[data-kept]")).to_be_visible()
    row = phone.row()
    assert (row["state"], row["detail"], row["content"]["summary"]) == ("waiting", "", "Mended")


def test_returned_visit_is_mended_on_the_version_that_came_back(phone: Phone, cohort: Cohort, made: User) -> None:
    visit = factories.VisitFactory.create(
        cohort=cohort, mentor=made, state=VisitState.RETURNED, comment="Who came?", version=2
    )
    item = factories.ActionItemFactory.create(visit=visit)
    factories.AttendeeFactory.create(visit=visit, name="Pak Lurah", person=None)
    page = phone.open(f"#/visit/{visit.pk}")
    expect(page.locator("[data-notes]")).to_contain_text("Who came?")
    assert phone.rows() == []  # looking at it is no draft yet
    phone.go(2)
    expect(page.locator("[data-walk-ins] input")).to_have_value("Pak Lurah")
    page.get_by_label("Ani").check()
    phone.saved()
    again = phone.open(f"#/visit/{visit.pk}/5")
    expect(again.locator("[data-items] [data-what]")).to_have_value(item.what)
    expect(again.locator("[data-earlier] > li")).to_have_count(0)
    again.locator("[data-send]").click()
    expect(again.locator("[data-kept]")).to_be_visible()
    row = phone.row()
    assert (row["id"], row["base_version"], row["state"]) == (str(visit.pk), 2, "waiting")
    assert [each["id"] for each in row["content"]["action_items"]] == [str(item.pk)]
    assert row["content"]["location"] is None  # the phone is elsewhere by now


def test_photo_of_another_phone_does_not_hold_up_what_is_mended_here(phone: Phone, cohort: Cohort, made: User) -> None:
    visit = factories.VisitFactory.create(cohort=cohort, mentor=made, state=VisitState.RETURNED, version=2)
    photo = factories.PhotoFactory.create(visit=visit)
    page = phone.open(f"#/visit/{visit.pk}/3")
    expect(page.locator(".visit-photo-away")).to_contain_text("Not on this phone, and not with the server yet")
    page = phone.open(f"#/visit/{visit.pk}/4")
    page.locator("[data-field=summary]").fill("Four looms")
    phone.go(5)
    phone.context.unroute("**/api/v1/visits/**")
    page.locator("[data-send]").click()
    expect(page.locator("[data-line]")).to_contain_text("everything has arrived")
    assert (phone.row()["state"], phone.row()["photos"][0]["sent"]) == ("sent", False)
    visit.refresh_from_db()
    assert (visit.summary, visit.photos.get().pk) == ("Four looms", photo.pk)


def test_visit_that_came_back_after_it_was_sent_from_here_opens_anew(phone: Phone, cohort: Cohort, made: User) -> None:
    _page, key = _sent(phone, state="sent", taken=3, rev=3, base_version=1)
    factories.VisitFactory.create(
        pk=key, cohort=cohort, mentor=made, state=VisitState.RETURNED, comment="More, please.", version=2
    )
    page = phone.open("#/queue")
    page.evaluate("async () => { const { app } = await import('/static/js/phone/app.js'); await app.meet(true); }")
    page = phone.open(f"#/visit/{key}/4")
    expect(page.locator("[data-notes]")).to_contain_text("More, please.")
    page.locator("[data-field=summary]").fill("More")
    phone.saved()
    row = phone.row()
    assert (row["state"], row["base_version"], row["taken"]) == ("draft", 2, None)
    assert row["rev"] > 3


def test_approved_visit_is_corrected_by_a_new_one(phone: Phone, cohort: Cohort, made: User) -> None:
    first: Visit = factories.VisitFactory.create(cohort=cohort, mentor=made, state=VisitState.APPROVED)
    factories.ActionItemFactory.create(visit=first)
    page = phone.open(f"#/visit/{first.pk}")
    expect(page.locator("[data-read]")).to_contain_text("Approved.")
    page.locator("[data-correct]").click()
    expect(page.locator("[data-notes]")).to_contain_text("This corrects the approved visit of Wednesday")
    page.locator("[data-field=summary]").fill("It was four looms")
    phone.saved()
    row = phone.row()
    assert row["id"] != str(first.pk)
    assert (row["content"]["corrects"], row["content"]["action_items"]) == (str(first.pk), [])
    assert row["content"]["visited_at"] == first.visited_at.isoformat().replace("+00:00", "Z")


def test_visit_of_another_village_is_answered_like_an_unknown_one(phone: Phone) -> None:
    other = factories.VisitFactory.create(state=VisitState.APPROVED)
    page = phone.open(f"#/visit/{other.pk}")
    expect(page.locator("h1")).to_have_text("This visit is not on the phone")


def test_draft_of_the_desk_is_gone_on_with_on_the_phone(phone: Phone, cohort: Cohort, made: User) -> None:
    draft = factories.VisitFactory.create(
        cohort=cohort, mentor=made, state=VisitState.DRAFT, summary="Begun at the desk", version=3
    )
    page = phone.open()
    page.locator(f'a[href="#/visit/{draft.pk}"]').first.click()
    phone.go(4)
    summary = page.locator("[data-field=summary]")
    expect(summary).to_have_value("Begun at the desk")
    summary.fill("Gone on with on the phone")
    phone.saved()
    phone.context.unroute("**/api/v1/visits/**")
    phone.go(5)
    page.locator("[data-send]").click()
    expect(page.locator("[data-kept]")).to_be_visible()
    for _turn in range(40):
        if phone.row()["state"] == "sent":
            break
        page.wait_for_timeout(250)
    draft.refresh_from_db()
    assert (draft.state, draft.version, draft.summary) == ("submitted", 4, "Gone on with on the phone")
    assert not draft.held_versions.exists()
