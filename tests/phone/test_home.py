"""The tasks of a mentor, with no network: what is late, today, returned, coming and open."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from tests.phone import packs
from tests.phone.packs import Carry

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Siti Nurhaliza Kusumawardhani " * 4
EVERYTHING = ("items", "visits", "plans", "sessions", "handovers", "people")
WIDTH = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def part(page: Page, name: str) -> Locator:
    return page.locator(f'[data-part="{name}"]')


def test_tasks_are_told_with_no_network(
    page: Page, carry: Carry, made: User, at: datetime, axe: Callable[[Page], list[str]]
) -> None:
    carry(page, packs.pack_of(made, at))
    expect(page.locator("[data-fill=date]").first).to_have_text("Thursday, 1 October 2026")
    expect(part(page, "returned")).to_contain_text("Tuliskan siapa yang hadir.")
    expect(part(page, "returned").locator("a")).to_have_attribute("href", "#/visit/v2")
    expect(part(page, "late").locator(".task-title")).to_have_text(["Visit to Parengan", "Menimbang benang"])
    expect(part(page, "late")).to_contain_text("3 days late (Mon, 28 Sep 2026)")
    today = ["Visit to Parengan", "Membuat lembar periksa", "Memeriksa satu kodi"]
    expect(part(page, "today").locator(".task-title")).to_have_text(today)
    expect(part(page, "today")).to_contain_text("due today (Thu, 1 Oct 2026)")
    expect(part(page, "handovers").locator("a")).to_have_attribute("href", "/handovers/1/")
    expect(part(page, "handovers")).to_contain_text("Handover Gedangan")
    expect(part(page, "items").locator("h3")).to_have_text(["Parengan", "Pangean"])
    expect(part(page, "villages").locator("a").first).to_have_attribute("href", "#/village/1")
    assert axe(page) == []
    assert page.evaluate(WIDTH) == 0


def test_what_a_waiting_visit_settled_is_no_longer_asked_for(
    phone_page: Page, carry: Carry, made: User, at: datetime
) -> None:
    followed = [
        {"id": "i-3", "outcome": "done", "words": "", "due_on": None},
        {"id": "i0", "outcome": "carried_over", "words": "", "due_on": packs.due(at, 5)},
    ]
    agreed = [{"id": "n1", "what": "Menguji luntur", "owner": "Bu Siti", "due_on": packs.due(at, 7)}]
    content = {"village": 1, "visited_at": packs.iso(at), "followed": followed, "action_items": agreed}
    row = {"id": "w1", "state": "waiting", "content": content, "photos": [], "schema": 1, "rev": 1, "tries": 0}
    carry(phone_page, packs.pack_of(made, at), ("visits", row | {"taken": None, "held": "", "saved_at": packs.iso(at)}))
    titles = part(phone_page, "items").locator(".items-group").first.locator(".task-title")
    expect(titles).to_have_text(["Membuat lembar periksa", "Mengulang delapan lembar", "Menguji luntur"])
    expect(part(phone_page, "late")).not_to_contain_text("Menimbang benang")


def test_a_page_opens_at_its_top_and_the_way_back_finds_the_place(
    phone_page: Page, carry: Carry, made: User, at: datetime
) -> None:
    carry(phone_page, packs.pack_of(made, at))
    link = part(phone_page, "villages").locator("a").first
    link.scroll_into_view_if_needed()
    place = phone_page.evaluate("scrollY")
    assert place > 200
    link.click()
    expect(phone_page.locator("h1")).to_have_text("Parengan")
    phone_page.wait_for_function("() => scrollY === 0")
    phone_page.go_back()
    expect(phone_page.locator("h1")).to_have_text("Tasks")
    phone_page.wait_for_function("place => Math.abs(scrollY - place) < 2", arg=place)


def test_log_a_visit_is_the_first_thing_and_big(phone_page: Page, carry: Carry, made: User, at: datetime) -> None:
    carry(phone_page, packs.pack_of(made, at))
    button = phone_page.get_by_role("link", name="Log a visit")
    expect(button).to_have_attribute("href", "#/visit/new/1")  # where a visit was planned
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 56
    assert box["y"] + box["height"] < 400


def test_everything_that_is_tapped_is_large_enough(page: Page, carry: Carry, made: User, at: datetime) -> None:
    carry(page, packs.pack_of(made, at))
    for route in ("", "village/1", "session/7"):
        page.goto(f"/m/#/{route}")
        heights = page.evaluate(
            """[...document.querySelectorAll("[data-view] :is(a, button, input, summary)")]
            .filter((each) => each.checkVisibility() && !each.matches("[data-undo], [type=radio], p:not(.crumbs) > a"))
            .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect().height])"""
        )
        assert [each for each in heights if each[1] < 47.5] == []


def test_a_phone_with_nothing_to_do_says_so_kindly(page: Page, carry: Carry, made: User, at: datetime) -> None:
    nothing: packs.Row = {name: [] for name in EVERYTHING}
    carry(page, packs.pack_of(made, at, **nothing))
    expect(part(page, "today")).to_contain_text("A quiet day.")
    expect(part(page, "items")).to_contain_text("Nothing is open")
    for name in ("late", "returned", "handovers"):
        expect(part(page, name)).to_be_hidden()
    page.goto("/m/#/village/2")
    expect(page.locator("[data-view]")).to_contain_text("Yours is the first.")
    expect(page.locator("[data-view]")).to_contain_text("Nothing is written yet.")


def test_a_mentor_without_a_village_is_told_who_gives_one(
    phone_page: Page, carry: Carry, made: User, at: datetime
) -> None:
    nothing: packs.Row = {name: [] for name in ("villages", *EVERYTHING)}
    carry(phone_page, packs.pack_of(made, at, **nothing))
    expect(part(phone_page, "villages")).to_contain_text("Your coordinator assigns villages to you.")


def logged(key: str, state: str, at: datetime, village: int = 1) -> tuple[str, packs.Row]:
    content = {"village": village, "visited_at": packs.iso(at)}
    facts = {"schema": 1, "rev": 1, "photos": [], "saved_at": packs.iso(at), "tries": 0, "taken": None}
    return "visits", {"id": key, "state": state, "content": content} | facts


def test_a_visit_of_this_phone_keeps_the_plan(phone_page: Page, carry: Carry, made: User, at: datetime) -> None:
    carry(phone_page, packs.pack_of(made, at), logged("n1", "waiting", at - timedelta(days=4)))
    expect(part(phone_page, "late").locator(".task-title")).to_have_text(["Menimbang benang"])
    expect(part(phone_page, "today").locator(".task-title").first).to_have_text("Visit to Parengan")  # two days ago


def test_a_draft_waits_today_and_is_late_tomorrow(phone_page: Page, carry: Carry, made: User, at: datetime) -> None:
    rows = [logged("n1", "draft", at, 2), logged("n2", "draft", at - timedelta(days=1), 2)]
    carry(phone_page, packs.pack_of(made, at, visits=[]), *rows)
    expect(part(phone_page, "today").locator('a[href="#/visit/n1"]')).to_contain_text("Not sent in yet.")
    expect(part(phone_page, "late").locator('a[href="#/visit/n2"]')).to_contain_text("Wednesday, 30 September 2026")


def test_a_returned_visit_stays_until_it_is_sent_again(
    phone_page: Page, carry: Carry, made: User, at: datetime
) -> None:
    carry(phone_page, packs.pack_of(made, at), logged("v2", "draft", at - timedelta(days=3)))
    expect(part(phone_page, "returned")).to_be_visible()
    expect(part(phone_page, "late").locator('a[href="#/visit/v2"]')).to_have_count(0)
    packs.keep(phone_page, made, [logged("v2", "waiting", at - timedelta(days=3))])
    phone_page.reload()
    expect(part(phone_page, "late")).to_be_visible()
    expect(part(phone_page, "returned")).to_be_hidden()


def test_the_week_begins_on_monday_on_a_desk(desk_page: Page, carry: Carry, made: User, at: datetime) -> None:
    carry(desk_page, packs.pack_of(made, at))
    dates = desk_page.locator(".week").first.locator(".week-date")
    expect(dates).to_have_count(7)
    expect(dates.first).to_have_text("Mon, 28 Sep 2026")
    expect(dates.nth(3)).to_have_text("today (Thu, 1 Oct 2026)")
    expect(dates.nth(4)).to_have_text("tomorrow (Fri, 2 Oct 2026)")
    week, tasks = desk_page.locator(".tasks-week").bounding_box(), desk_page.locator(".tasks-first").bounding_box()
    assert week is not None
    assert tasks is not None
    assert week["x"] > tasks["x"] + tasks["width"]


def test_a_phone_lists_only_days_that_have_something(phone_page: Page, carry: Carry, made: User, at: datetime) -> None:
    carry(phone_page, packs.pack_of(made, at))
    seen = phone_page.locator(".week-date:visible")
    expect(seen).to_have_text(["Sat, 3 Oct 2026", "Sun, 4 Oct 2026"])
    expect(phone_page.locator(".week-free:visible")).to_have_count(2)


def test_the_day_is_that_of_the_village(phone_page: Page, carry: Carry, made: User, at: datetime) -> None:
    east = packs.village(1, "Wamena") | {"zone": "Asia/Jayapura"}
    late = packs.session(9, at + timedelta(hours=6), title="Besok") | {"zone": "Asia/Jayapura"}
    carry(phone_page, packs.pack_of(made, at, villages=[east], sessions=[late]))
    phone_page.clock.set_fixed_time(at + timedelta(hours=12, minutes=30))  # 22.30 WIB, half past midnight in the east
    phone_page.reload()
    expect(phone_page.locator("[data-fill=date]").first).to_have_text("Friday, 2 October 2026")
    expect(part(phone_page, "late").locator(".task-title")).to_contain_text(["Besok"])
    expect(part(phone_page, "late")).to_contain_text("Thu, 1 Oct 2026, 18.00–20.00 WIT")


def test_long_names_wrap(page: Page, carry: Carry, made: User, at: datetime) -> None:
    village = packs.village(1, LONG) | {"place": "x" * 120, "commodity": LONG}
    session = packs.session(7, at - timedelta(minutes=5), title="y" * 120)
    session["seats"][0]["name"] = LONG
    session["seats"][1]["name"] = "z" * 120
    items = [packs.items(at)[0] | {"what": "w" * 300, "owner": LONG}]
    people = [packs.person(1, LONG), packs.person(2, "n" * 120)]
    carry(page, packs.pack_of(made, at, villages=[village], sessions=[session], items=items, people=people))
    for route in ("", "village/1", "session/7"):
        page.goto(f"/m/#/{route}")
        page.locator("[data-view] h1").wait_for()
        assert page.evaluate(WIDTH) == 0


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("id", ["Kamis, 1 Oktober 2026", "Min, 30 Agu 2026", "23.30–Sen, 31 Agu 2026 01.00 WIB"]),
        ("en", ["Thursday, 1 October 2026", "Sun, 30 Aug 2026", "23.30–Mon, 31 Aug 2026 01.00 WIB"]),
    ],
)
def test_dates_are_written_as_the_server_writes_them(
    phone_page: Page, carry: Carry, made: User, at: datetime, language: str, said: list[str]
) -> None:
    carry(phone_page, packs.pack_of(made, at), language=language)
    told = phone_page.evaluate(
        """async () => {
          const { longDate, shortDate, clock, dayOf, clockRange } = await import("/static/js/phone/dates.js");
          const [from, until] = ["2026-08-30T16:30:00Z", "2026-08-30T18:00:00Z"];
          return [longDate("2026-10-01"), shortDate(from, "Asia/Jakarta"), clockRange(from, until, "Asia/Jakarta"),
            clock("2026-10-01T02:05:00Z", "Asia/Pontianak"), dayOf(from, "Asia/Jayapura")];
        }"""
    )
    assert told == [*said, "09.05 WIB", "2026-08-31"]
