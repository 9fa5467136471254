"""A coordinator's weeks in a real browser: twelve sessions planned, shifted and closed in at most 25 clicks."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from common.zones import Zone, tz
from programs.models import Attendance, Cohort, Program, Session, Trainer, Venue
from programs.states import SessionState
from reminders.models import Message
from reminders.states import UNSENT
from tests.factories import EnrollmentFactory, reachable_person
from tests.plumbing.browser import DESK, opened

pytestmark = pytest.mark.django_db(transaction=True)

SESSIONS, MOST_CLICKS = 12, 25
MONDAY = date(2026, 10, 5)


class Hand:
    """A hand on the mouse that counts; keys are not counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0

    def click(self, what: Locator) -> None:
        self.clicks += 1
        what.click()

    def press(self, do: str) -> None:
        with self.page.expect_navigation():
            self.click(self.page.locator(f"main button[name=do][value={do}]"))

    def follow(self, what: Locator) -> None:
        with self.page.expect_navigation():
            self.click(what)


@pytest.fixture
def class_of_five(cohort: Cohort, sari: User, venue: Venue, trainer: Trainer) -> Cohort:
    """Five people with numbers of their own."""
    sari.set_password("desa-devisa")
    sari.save()
    for number in range(5):
        EnrollmentFactory.create(cohort=cohort, person=reachable_person(cohort.village, name=f"Warga {number}"))
    return cohort


@pytest.fixture
def desk(browser: Browser, live_server: LiveServer, sari: User, class_of_five: Cohort) -> Iterator[Page]:
    """Sari's browser, signed in."""
    client = Client()
    client.force_login(sari)
    opening = opened(browser, live_server, DESK)
    page = next(opening)
    cookie = client.cookies["session"]
    page.context.add_cookies([{"name": "session", "value": cookie.value, "url": live_server.url}])
    yield page
    next(opening, None)


def plan(hand: Hand, cohort: Cohort) -> None:
    """Plan Tuesdays and Thursdays from the home page on, and tell people."""
    page = hand.page
    page.goto("/")
    hand.follow(page.locator("nav a[href='/programs/']").first)
    hand.follow(page.locator("main").get_by_role("link", name=cohort.program.name).first)
    hand.follow(page.locator(f"main a[href='/cohorts/{cohort.pk}/']").first)
    hand.follow(page.locator(f"main a[href='/cohorts/{cohort.pk}/series/']").first)
    page.locator("[name=module]").select_option("design")
    page.locator("[name=topic]").fill("Motif dan warna")
    for day in (2, 4):  # as ISO 8601 counts them
        hand.click(page.locator("label", has=page.locator(f"[name=weekdays][value='{day}']")))
    page.locator("[name=first]").fill(MONDAY.isoformat())
    page.locator("[name=count]").fill(str(SESSIONS))
    page.locator("[name=venue]").select_option(index=1)
    hand.click(page.locator("label", has=page.locator("[name=trainers]")).first)
    hand.press("look")
    expect(page.locator("main .sheet > li")).to_have_count(SESSIONS)
    hand.press("schedule")


def shift(hand: Hand) -> None:
    """Shift everything from the third week on by a week."""
    page = hand.page
    hand.follow(page.locator("main a[href^='/sessions/shift/']").first)
    page.locator("[name=first]").fill((MONDAY + timedelta(days=14)).isoformat())
    page.locator("[name=reason]").fill("Panen raya")
    hand.press("look")
    hand.press("shift")


def close(hand: Hand) -> None:
    """Close every sheet: the others are present."""
    page = hand.page
    page.goto("/")
    hand.follow(page.locator("main a[href$='/attendance/']").first)
    while page.locator("main button[name=then][value=next]").count():
        hand.follow(page.locator("main button[name=then][value=next]").first)


def test_twelve_sessions_are_planned_shifted_and_closed_in_25_clicks(
    desk: Page, class_of_five: Cohort, program: Program
) -> None:
    hand, cohort = Hand(desk), class_of_five
    with time_machine.travel(datetime(2026, 10, 1, 9, tzinfo=tz(Zone.WIB))):
        plan(hand, cohort)
        starts = [*Session.objects.order_by("starts_at").values_list("starts_at", flat=True)]
        assert len(starts) == SESSIONS
        assert Message.objects.filter(revision__number=1, state__in=UNSENT).exists()
        shift(hand)
    moved = [*Session.objects.order_by("starts_at").values_list("starts_at", flat=True)]
    assert moved == [*starts[:4], *(start + timedelta(days=7) for start in starts[4:])]
    with time_machine.travel(moved[-1] + timedelta(hours=6)):
        close(hand)
    assert {*program.sessions.values_list("state", flat=True)} == {SessionState.CLOSED}
    assert Attendance.objects.filter(state="present").count() == SESSIONS * 5
    assert hand.clicks <= MOST_CLICKS, hand.clicks
