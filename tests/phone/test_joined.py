"""The phone and the server together, no far end played: what is written on one stands on the other, once."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.utils.timezone import now
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from mentoring.actions import approve_visit, dismiss_held, put_visit, return_visit, take_held
from mentoring.content import Came, VisitContent
from mentoring.models import ActionItem, HeldVersion, Photo, Visit
from programs.models import Cohort
from tests import factories
from tests.phone.conftest import Phone
from tests.phone.visit.conftest import BYTES, people
from tests.phone.visit.pictures import named, picture
from villages.models import Person, Village

__all__ = ["people"]

pytestmark = pytest.mark.django_db(transaction=True)
Content = Callable[..., dict[str, Any]]
SYNC, PHOTOS = "**/api/v1/visits/sync/", "**/api/v1/visits/*/photos/**"
MEET = "async () => { const { app } = await import('/static/js/phone/app.js'); await app.meet(true); }"
PART = 65_536


def go(page: Page, step: int) -> None:
    """Go to a step by its mark."""
    page.locator(f'[data-mark="{step}"]').click()
    page.locator(f'.is-now[data-step="{step}"]').wait_for()


def finish(page: Page) -> None:
    """Save the visit; it is sent by itself from here on."""
    go(page, 5)
    page.locator("[data-send]").click()
    expect(page.locator("[data-kept]")).to_be_visible()


def settled(phone: Phone, state: str) -> dict[str, Any]:
    """Send, and give the only visit of the phone, which must be in this state by now."""
    phone.send()
    (row,) = phone.rows()
    assert row["state"] == state, row["detail"]
    return row


def learn(phone: Phone) -> Page:
    """Fetch what is new, and look at the queue."""
    phone.page.evaluate(MEET)
    phone.send()
    return phone.open("#/queue")


def _write_five_steps(phone: Phone, item: ActionItem) -> None:
    """Log a visit as a mentor does: people, photos, words, what became of an earlier item, a new one."""
    page = phone.open()
    page.get_by_role("link", name="Log a visit").click()
    page.locator('.is-now[data-step="2"]').wait_for()  # the only village is chosen by itself
    page.get_by_label("Ani").check()
    go(page, 3)
    files = [named("big.jpg", picture(size=(1200, 900), noise=True)), named("small.jpg", picture(size=(300, 200)))]
    page.locator("[data-gallery]").set_input_files(files)
    expect(page.locator("[data-photos] canvas")).to_have_count(2, timeout=60_000)
    go(page, 4)
    page.locator("[data-modules] label", has_text="Design").click()
    page.locator("[data-field=summary]").fill("Three looms")
    go(page, 5)
    page.locator(f'[data-fault="{item.pk}"] label', has_text="Done").click()
    page.locator(f'[data-fault="{item.pk}"] [data-words]').fill("Yarn is here")
    page.locator("[data-item]").click()
    page.keyboard.type("Dye again")
    page.locator("[data-send]").click()
    expect(page.locator("[data-kept]")).to_be_visible()


def test_visit_arrives_once_with_the_very_bytes_of_its_photos(
    phone: Phone, cohort: Cohort, people: list[Person], made: User
) -> None:
    earlier = factories.VisitFactory.create(cohort=cohort, mentor=made, state="approved")
    item = factories.ActionItemFactory.create(visit=earlier, what="Buy yarn")
    phone.page.evaluate(MEET)
    phone.context.route(SYNC, lambda route: route.abort())
    _write_five_steps(phone, item)
    row = settled(phone, "waiting")
    kept = {photo["id"]: bytes(phone.page.evaluate(BYTES, photo["id"])) for photo in row["photos"]}
    big, small = sorted(kept, key=lambda key: -len(kept[key]))
    assert len(kept[big]) > 2 * PART > PART > len(kept[small])

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    calls: list[str] = []
    phone.context.unroute(SYNC)
    phone.context.route(SYNC, lose, times=1)  # it arrives, and the phone does not hear of it
    phone.context.on("request", lambda request: calls.append(f"{request.method} {request.url}"))
    phone.context.route(f"**/photos/{big}/parts/1/", lambda route: route.abort(), times=1)
    settled(phone, "waiting")
    settled(phone, "waiting")
    assert (Visit.objects.count(), Photo.objects.arrived().filter(pk=big).count()) == (2, 0)
    assert {blob["id"] for blob in phone.rows("blobs")} == {big, small}
    phone.context.route("**/complete/", lose, times=1)
    settled(phone, "waiting")
    assert {blob["id"] for blob in phone.rows("blobs")} == {big, small}
    settled(phone, "sent")
    assert phone.rows("blobs") == []
    assert sum(call.startswith("PUT") and call.endswith(f"{big}/parts/0/") for call in calls) == 1
    visit = Visit.objects.exclude(pk=earlier.pk).get()
    assert (str(visit.pk), visit.state, visit.version, visit.summary) == (row["id"], "submitted", 1, "Three looms")
    assert [came.person for came in visit.attendees.all()] == people[:1]
    for photo in visit.photos.all():
        sent = kept[str(photo.pk)]
        assert (photo.state, photo.sha256, photo.size) == ("arrived", sha256(sent).hexdigest(), len(sent))
    assert (visit.photos.count(), HeldVersion.objects.count()) == (2, 0)
    item.refresh_from_db()
    assert (item.state, item.evidence, item.settled_in) == ("done", "Yarn is here", visit)
    assert visit.action_items.get().what == "Dye again"


def test_returned_visit_is_mended_and_sent_again(
    phone: Phone, people: list[Person], content: Content, sari: User
) -> None:
    key = phone.write(content(attendees=[{"person": people[0].pk}], modules=[]))
    settled(phone, "sent")
    return_visit(Visit.objects.get(), comment="Who was there?", by=sari, at=now())
    page = learn(phone)
    expect(page.locator("[data-shelf=sent]")).to_contain_text("Returned: Who was there?")
    page = phone.open(f"#/visit/{key}/2")
    expect(page.locator("[data-notes]")).to_contain_text("Who was there?")
    page.get_by_label("Budi").check()
    finish(page)
    settled(phone, "sent")
    visit = Visit.objects.get()
    assert (visit.state, visit.version, visit.attendees.count()) == ("submitted", 3, 2)
    assert not HeldVersion.objects.exists()


def test_approved_visit_is_corrected_by_a_linked_one(phone: Phone, content: Content, sari: User) -> None:
    key = phone.write(content())
    settled(phone, "sent")
    approve_visit(Visit.objects.get(), by=sari, at=now())
    learn(phone)
    page = phone.open(f"#/visit/{key}")
    page.locator("[data-correct]").click()
    page.locator("[data-field=summary]").fill("It was four looms")
    finish(page)
    phone.send()
    assert phone.states() == ["sent", "sent"]
    correction = Visit.objects.exclude(pk=key).get()
    assert (str(correction.corrects_id), correction.summary, correction.state) == (
        key,
        "It was four looms",
        "submitted",
    )
    assert Visit.objects.get(pk=key).summary == "Looms"


def _desk_edits(visit: Visit, made: User) -> None:
    """Write another version at a desk, while the phone is out of reach."""
    words = VisitContent(
        village=visit.village_id,
        program=visit.program_id,
        visited_at=visit.visited_at,
        summary="Written at the desk",
        attendees=(Came(name="Bu Tini"),),
        state="submitted",
    )
    put_visit(id=visit.pk, content=words, by=made, at=now(), base_version=visit.version)


def _conflict(phone: Phone, cohort: Cohort, made: User) -> HeldVersion:
    """Mend a returned visit on the phone while a desk mends it too, and send it."""
    visit = factories.VisitFactory.create(
        cohort=cohort, mentor=made, state="returned", comment="Who?", version=2, visited_at=now() - timedelta(days=1)
    )
    phone.page.evaluate(MEET)
    phone.context.route(SYNC, lambda route: route.abort())
    page = phone.open(f"#/visit/{visit.pk}/4")
    page.locator("[data-field=summary]").fill("Written on the phone")
    finish(page)
    settled(phone, "waiting")
    _desk_edits(visit, made)
    phone.context.unroute(SYNC)
    assert settled(phone, "review")["held"] == "other_version"
    return HeldVersion.objects.get()


def test_conflict_is_shown_and_its_dismissal_is_read_on_the_phone(
    phone: Phone, cohort: Cohort, people: list[Person], made: User, sari: User
) -> None:
    held = _conflict(phone, cohort, made)
    assert (held.content["summary"], Visit.objects.get().summary) == ("Written on the phone", "Written at the desk")
    page = phone.open("#/queue")
    expect(page.locator("[data-shelf=sent]")).to_contain_text("Another version is already here.")
    dismiss_held(held, comment="The desk knows better", by=sari, at=now())
    page = learn(phone)
    expect(page.locator("[data-shelf=sent]")).to_contain_text("The desk knows better")
    page = phone.open(f"#/visit/{held.key}")
    expect(page.locator("[data-state]")).to_contain_text("has not taken this version: The desk knows better")
    assert len(phone.rows()) == 1


def test_conflict_that_is_taken_is_read_as_the_visit(
    phone: Phone, cohort: Cohort, people: list[Person], made: User, sari: User
) -> None:
    held = _conflict(phone, cohort, made)
    take_held(held, by=sari, at=now())
    page = learn(phone)
    expect(page.locator("[data-shelf=sent]")).to_contain_text("Waits for approval")
    page = phone.open(f"#/visit/{held.key}")
    expect(page.locator("[data-state]")).to_contain_text("With the coordinator.")
    expect(page.locator("[data-read]")).to_contain_text("Written on the phone")


@pytest.mark.parametrize(
    ("reason", "words"),
    [("closed_period", "The period of this visit is closed."), ("not_assigned", "You no longer mentor this village.")],
)
def test_what_came_too_late_waits_with_its_photo_and_says_why(
    phone: Phone, content: Content, cohort: Cohort, made: User, sari: User, reason: str, words: str
) -> None:
    page = phone.page
    page.goto(f"{phone.address}/m/#/visit/new")
    go(page, 3)
    page.locator("[data-gallery]").set_input_files([named("loom.jpg", picture(size=(300, 200)))])
    expect(page.locator("[data-photos] canvas")).to_have_count(1, timeout=60_000)
    go(page, 4)
    page.locator("[data-field=summary]").fill("In time, by the phone")
    phone.context.route(SYNC, lambda route: route.abort())
    finish(page)
    settled(phone, "waiting")
    if reason == "closed_period":
        cohort.program.closed_through = now().date() + timedelta(days=1)
        cohort.program.save()
    else:
        made.assignments.update(ends_on=now().date() - timedelta(days=3))
    phone.context.unroute(SYNC)
    row = settled(phone, "review")
    held = HeldVersion.objects.get()
    assert (row["held"], held.reason, Visit.objects.count()) == (reason, reason, 0)
    photo = Photo.objects.visible_to(sari).get()
    assert (photo.visit_key, photo.visit, photo.sha256) == (held.key, None, row["photos"][0]["sha256"])
    assert phone.rows("blobs") == []
    page = phone.open("#/queue")
    expect(page.locator("[data-shelf=sent]")).to_contain_text(words)
    dismiss_held(held, comment="Log it under Sukarara", by=sari, at=now())
    expect(learn(phone).locator("[data-shelf=sent]")).to_contain_text("Log it under Sukarara", timeout=20_000)


def test_refused_photo_is_left_out_and_the_rest_arrives(phone: Phone, content: Content) -> None:
    phone.write(content(), photos=(700,))  # bytes that are no picture
    row = settled(phone, "failed")
    assert (row["reason"], Photo.objects.get().state) == ("photo", "awaited")
    page = phone.open("#/queue")
    expect(page.locator("[data-shelf=failed]")).to_contain_text("Send a photo as JPEG")
    phone.context.route(PHOTOS, lambda route: route.abort())
    page.get_by_role("button", name="Without this photo").click()
    expect(page.locator("[data-shelf=waiting] li")).to_have_count(1)
    assert len(phone.rows("blobs")) == 1
    phone.context.unroute(PHOTOS)
    row = settled(phone, "sent")
    assert (row["photos"], phone.rows("blobs"), Photo.objects.get().state) == ([], [], "withdrawn")
    assert Visit.objects.get().state == "submitted"


def test_handover_leads_to_its_page(phone: Phone, parengan: Village, made: User, sari: User) -> None:
    handover = factories.HandoverFactory.create(village=parengan, letter=made.assignments.get(), prepared_by=sari)
    phone.page.evaluate(MEET)
    page = phone.open()
    page.locator("[data-part=handovers] a").click()
    page.wait_for_url(f"**/handovers/{handover.pk}/")
    expect(page.locator("h1")).to_contain_text("Parengan")


def test_plan_of_today_saves_the_choice_of_the_village(
    phone: Phone, cohort: Cohort, elsewhere: Village, made: User
) -> None:
    factories.AssignmentFactory.create(mentor=made, village=elsewhere)
    factories.CohortFactory.create(village=elsewhere, program=cohort.program)
    phone.page.evaluate(MEET)
    log = phone.open().get_by_role("link", name="Log a visit")
    expect(log).to_have_attribute("href", "#/visit/new")
    factories.VisitPlanFactory.create(mentor=made, village=cohort.village, planned_at=now())
    phone.page.evaluate(MEET)
    expect(log).to_have_attribute("href", f"#/visit/new/{cohort.village_id}")
    log.click()
    expect(phone.page.locator("h1")).to_have_text("Visit to Parengan")
    expect(phone.page.locator('.is-now[data-step="2"]')).to_be_visible()


def test_full_disk_is_said_whatever_was_to_be_kept(phone: Phone) -> None:
    page = phone.page
    full = page.locator("[data-full]")
    expect(full).to_be_hidden()
    page.evaluate("""() => { const put = IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };
      window.mend = () => { IDBObjectStore.prototype.put = put; }; }""")
    page.evaluate("() => { location.hash = '#/visit/new'; }")
    expect(full).to_be_visible()
    expect(full).to_contain_text("The phone's storage is full.")
    page.evaluate("() => { window.mend(); location.hash = '#/queue'; }")
    phone.send()
    expect(full).to_be_hidden()
    page.evaluate("() => { location.hash = '#/visit/new'; }")
    expect(page.locator("[data-visit]")).to_be_visible()
