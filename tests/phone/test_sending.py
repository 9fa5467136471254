"""The queue: everything arrives once, nothing is marked sent without the server's word, nothing holds up the rest."""

import hashlib
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session as SignIn
from playwright.sync_api import Route, expect

from accounts.models import User
from mentoring.models import Visit
from tests.phone.conftest import Phone

pytestmark = pytest.mark.django_db(transaction=True)

Content = Callable[..., dict[str, Any]]
SYNC = "**/api/v1/visits/sync/"
PHOTOS = "**/api/v1/visits/*/photos/**"
PART = 65_536
GO = "() => { window.over = import('/static/js/phone/app.js').then(({ app }) => app.sender.send()); }"


class Shelf:
    """The far end of photos, as the wire's description has it."""

    def __init__(self) -> None:
        self.parts: dict[str, dict[int, bytes]] = {}
        self.whole: dict[str, bytes] = {}
        self.cut: set[int] = set()
        self.calls: list[str] = []

    def answer(self, route: Route) -> None:
        """Take what comes, or let the line break before a part."""
        request = route.request
        found = re.search(r"photos/([0-9a-f-]+)/(?:(parts|complete)/(?:(\d+)/)?)?$", request.url)
        assert found
        key, what, number = found.groups()
        self.calls.append(f"{request.method} {what or 'whole'} {number or ''}".strip())
        body = request.post_data_buffer or b""
        if what == "parts" and number:
            if int(number) in self.cut:
                self.cut.discard(int(number))
                return route.abort()
            assert hashlib.sha256(body).hexdigest() == request.headers["x-sha256"]
            self.parts.setdefault(key, {})[int(number)] = body
            return route.fulfill(status=201, json={})
        if what == "parts":
            return route.fulfill(status=200, json={"done": key in self.whole, "parts": sorted(self.parts.get(key, {}))})
        self.whole[key] = body if what is None else b"".join(part for _, part in sorted(self.parts[key].items()))
        return route.fulfill(status=201, json={})


def test_no_answer_means_still_waiting_and_the_same_again(phone: Phone, content: Content) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    phone.context.route(SYNC, lose)
    key = phone.write(content())
    phone.send()
    assert Visit.objects.filter(pk=key, state="submitted").count() == 1  # it did arrive; the phone cannot know
    assert phone.states() == ["waiting"]
    expect(phone.page.locator("[data-line]")).to_contain_text("1 waiting")
    expect(phone.page.locator("[data-line]")).to_have_attribute("data-mood", "offline")
    phone.context.unroute(SYNC)
    phone.send()
    assert phone.states() == ["sent"]
    visit = Visit.objects.get()
    assert (str(visit.pk), visit.version, visit.held_versions.count()) == (key, 1, 0)
    expect(phone.page.locator("[data-line]")).to_contain_text("everything has arrived")


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 200, "content_type": "text/html", "body": "<h1>Hotel Wi-Fi</h1>"},
        {"status": 302, "headers": {"Location": "/accounts/login/"}},
        {"status": 200, "json": {"items": []}},
        {"status": 200, "json": {"items": [{"id": "0199aaaa-0000-7000-8000-000000000000", "verdict": "stored"}]}},
        {"status": 200, "json": "stored"},
        {"status": 503, "content_type": "text/html", "body": "busy", "headers": {"Retry-After": "120"}},
        {"status": 500, "json": {"detail": "broke"}},
        {"status": 429, "json": {"detail": "slowly"}},
    ],
)
def test_what_is_not_the_servers_word_marks_nothing(phone: Phone, content: Content, answer: dict[str, Any]) -> None:
    phone.context.route(SYNC, lambda route: route.fulfill(**answer))
    phone.write(content())
    phone.send()
    assert phone.states() == ["waiting"]
    assert not Visit.objects.exists()


def test_two_tabs_send_once(phone: Phone, content: Content) -> None:
    calls: list[str] = []

    def count(route: Route) -> None:
        calls.append(route.request.url)
        route.continue_()

    phone.context.route(SYNC, count)
    other = phone.tab()
    other.goto(f"{phone.address}/m/")
    other.locator("[data-view] h1").first.wait_for()
    phone.write(content())
    for page in (phone.page, other):
        page.evaluate(GO)
    for page in (phone.page, other):
        page.evaluate("() => window.over")
    assert len(calls) == 1
    assert Visit.objects.count() == 1
    expect(other.locator("[data-line]")).to_contain_text("everything has arrived")


def test_refused_visit_says_why_and_holds_up_nothing(phone: Phone, content: Content) -> None:
    phone.write(content(program=987654))
    good = phone.write(content())
    phone.send()
    assert phone.states() == ["failed", "sent"]
    assert [str(visit.pk) for visit in Visit.objects.all()] == [good]
    page = phone.open("#/queue")
    failed = page.locator("[data-shelf=failed]")
    expect(failed).to_contain_text("This program has no cohort in this village.")
    expect(page.locator(".queue-count strong")).to_have_text(["0", "0", "1", "1"])
    failed.get_by_role("button", name="Try again").click()
    phone.send()
    expect(failed).to_contain_text("This program has no cohort in this village.")
    assert phone.states() == ["failed", "sent"]


def test_what_is_changed_under_way_is_not_marked_sent(phone: Phone, content: Content) -> None:
    edit = """async (id) => {
      const { app } = await import("/static/js/phone/app.js");
      const { edit } = await import("/static/js/phone/records.js");
      await edit(app.store, id, (row) => { row.content.summary = "Looms and yarn"; });
    }"""
    key = phone.write(content())

    def change(route: Route) -> None:
        answer = route.fetch()
        phone.page.evaluate(edit, key)
        route.fulfill(response=answer)

    phone.context.route(SYNC, change, times=1)
    phone.page.evaluate(
        "() => { window.over = import('/static/js/phone/app.js').then(({ app }) => app.sender.send()); }"
    )
    phone.page.wait_for_function("() => window.over.then(() => true)")
    [row] = phone.rows()
    assert (row["state"], row["rev"], row["taken"], row["base_version"]) == ("draft", 2, None, 1)
    phone.page.evaluate(
        "async (id) => { const { app } = await import('/static/js/phone/app.js');"
        "const { ready } = await import('/static/js/phone/records.js'); await ready(app.store, 'visits', id); }",
        key,
    )
    phone.send()
    visit = Visit.objects.get()
    assert visit.summary == "Looms"  # submitted already: the other version waits beside it
    assert visit.held_versions.get().content["summary"] == "Looms and yarn"
    assert phone.states() == ["review"]


def test_photos_follow_the_text_and_go_on_where_the_line_broke(phone: Phone, content: Content) -> None:
    far = Shelf()
    far.cut = {1}
    phone.context.route(PHOTOS, far.answer)
    phone.write(content(), photos=(2 * PART + 100, 1000))
    phone.send()
    assert Visit.objects.count() == 1
    assert phone.states() == ["waiting"]
    assert len(phone.rows("blobs")) == 2
    phone.send()
    assert phone.states() == ["sent"]
    assert phone.rows("blobs") == []
    assert far.calls.count("PUT parts 0") == 1
    [row] = phone.rows()
    for photo in row["photos"]:
        kept = far.whole[photo["id"]]
        assert (hashlib.sha256(kept).hexdigest(), len(kept)) == (photo["sha256"], photo["size"])


def test_refused_photo_is_said_and_its_bytes_stay(phone: Phone, content: Content) -> None:
    phone.context.route(PHOTOS, lambda route: route.fulfill(status=415, json={"detail": "This is no picture."}))
    phone.write(content(), photos=(500,))
    phone.send()
    [row] = phone.rows()
    assert (row["state"], row["detail"], row["reason"]) == ("failed", "This is no picture.", "photo")
    assert len(phone.rows("blobs")) == 1


def test_acts_get_their_verdicts(phone: Phone) -> None:
    verdicts = {0: "stored", 1: "overtaken", 2: "held", 3: "refused"}

    def judge(route: Route) -> None:
        acts = (route.request.post_data_json or {})["acts"]
        items = [
            {"id": act["id"], "verdict": verdicts[place], "detail": "words", "seat": None}
            for place, act in enumerate(acts)
        ]
        route.fulfill(status=200, json={"items": items})

    phone.context.route("**/api/v1/attendance/sync/", judge)
    phone.page.evaluate(
        """async () => {
          const { app } = await import("/static/js/phone/app.js");
          const { queueAct } = await import("/static/js/phone/records.js");
          for (let enrollment = 1; enrollment < 5; enrollment += 1) {
            const act = { kind: "mark", session: 1, enrollment, state: "present" };
            await queueAct(app.store, { ...act, made_at: new Date().toISOString() });
          }
        }"""
    )
    phone.send()
    assert sorted(row["state"] for row in phone.rows("acts")) == ["failed", "review", "sent", "sent"]
    page = phone.open("#/queue")
    expect(page.locator("[data-shelf=failed]")).to_contain_text("Attendance")
    expect(page.locator(".queue-count strong")).to_have_text(["0", "0", "3", "1"])
    page.locator("[data-discard]:visible").click()
    page.get_by_role("button", name="Keep them").click()
    assert len(phone.rows("acts")) == 4
    page.locator("[data-discard]:visible").click()
    page.get_by_role("button", name="Delete them").click()
    expect(page.locator(".queue-count strong")).to_have_text(["0", "0", "3", "0"])
    assert len(phone.rows("acts")) == 3


def test_expired_sign_in_keeps_the_queue_and_asks_to_sign_in(phone: Phone, content: Content, made: User) -> None:
    SignIn.objects.all().delete()
    phone.write(content())
    phone.send()
    assert phone.states() == ["waiting"]
    link = phone.page.get_by_role("link", name="Sign in again to send")
    expect(link).to_be_visible()
    assert "/accounts/login/?next=/m/" in str(link.get_attribute("href"))
    phone.page.locator("[data-view] h1").first.wait_for()  # and the villages are still there to work with
    phone.sign_in(made)
    phone.open()
    expect(phone.page.locator("[data-line]")).to_contain_text("everything has arrived")
    assert Visit.objects.count() == 1


def test_a_wrong_clock_is_said(phone: Phone, content: Content) -> None:
    phone.page.clock.install()
    phone.page.clock.fast_forward(0)
    phone.context.route(
        SYNC,
        lambda route: route.fulfill(
            status=503, json={}, headers={"Date": "Thu, 01 Jan 2099 00:00:00 GMT", "Retry-After": "9"}
        ),
    )
    phone.write(content())
    phone.send()
    expect(phone.page.locator("[data-clock]")).to_contain_text("minutes slow")
