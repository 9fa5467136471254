"""The main job in a real browser: planned, told, moved, answered; logged, approved, counted."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils.timezone import now
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from config.demo import PASSWORD
from mentoring.models import Visit
from mentoring.states import VisitState
from programs.models import Attendance, Session
from programs.states import Rsvp, SessionState
from reminders.models import Message
from reminders.states import Kind, MessageState
from tests import factories
from tests.plumbing.browser import DESK, PHONE, opened
from villages.links import token_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def _demo(db: None) -> None:
    factories.lay_modules()
    factories.lay_criteria()
    call_command("seed_demo", verbosity=0)


@contextmanager
def as_(email: str, size: tuple[int, int], browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """Open a browser of one member of staff, or of nobody."""
    opening = opened(browser, live_server, size)
    page = next(opening)
    if email:
        page.goto("/accounts/login/")
        page.locator("[name=login]").fill(email)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main form button").first.click()
        expect(page.locator("[name=login]")).to_have_count(0)
    yield page
    next(opening, None)


def press(page: Page, action: str = "") -> None:
    """Press the main button of the page's form, and say why when something speaks against it."""
    button = page.locator(f'main form[method="post"]{action}').first.locator("button.button-main, button.button-danger")
    with page.expect_navigation():
        button.first.click()
    question = page.locator("textarea[name=override]")
    if question.count():
        question.fill("Sudah disepakati dengan desa")
        with page.expect_navigation():
            button.first.click()


def plan(page: Page) -> Session:
    """Plan a session in forty days at three in the morning of nobody else, and schedule it."""
    page.goto("/programs/")
    page.locator("main a[href^='/programs/']").filter(has_text=re.compile("Lamongan")).first.click()
    program = re.search(r"/programs/(\d+)/", page.url)
    assert program
    page.goto(f"/programs/{program[1]}/sessions/new/")
    page.locator("[name=module]").select_option("branding")
    page.locator("[name=topic]").fill("Cerita di balik motif")
    page.locator("[name=cohorts]").first.check()
    page.locator("[name=day]").fill(str((now() + timedelta(days=40)).date()))
    page.locator("[name=starts]").fill("15:00")
    page.locator("[name=ends]").fill("16:30")
    page.locator("[name=venue]").select_option(index=1)
    press(page)
    session = Session.objects.get(topic="Cerita di balik motif")
    assert session.state == SessionState.DRAFT
    page.goto(f"/sessions/{session.pk}/schedule/")
    expect(page.locator(".letter")).to_contain_text("Cerita di balik motif")
    press(page)
    session.refresh_from_db()
    assert session.state == SessionState.SCHEDULED
    return session


@pytest.mark.usefixtures("_demo")
def test_session_is_planned_moved_told_and_answered(browser: Browser, live_server: LiveServer) -> None:
    with as_("sari@demo.test", DESK, browser, live_server) as page:
        session = plan(page)
        first = session.revisions.get()
        told = Message.objects.filter(revision=first)
        assert set(told.values_list("kind", flat=True)) == {Kind.INVITATION, Kind.H3, Kind.H1, Kind.H0}
        page.goto(f"/sessions/{session.pk}/reschedule/")
        page.locator("[name=starts]").fill("13:00")
        page.locator("[name=ends]").fill("14:30")
        page.locator("[name=reason]").fill("Balai dipakai pagi hari")
        press(page)
        expect(page.locator("main")).to_contain_text("Balai dipakai pagi hari")
    session.refresh_from_db()
    assert session.revision == 2
    assert not told.filter(state=MessageState.PLANNED).exists()
    reached = Message.objects.filter(revision__session=session, revision__number=2).first()
    assert reached
    token = token_of(reached.contact_point)
    with as_("", PHONE, browser, live_server) as page:
        page.goto(f"/s/{token}")
        members = page.locator("nav.answers a")
        if members.count():
            members.first.click()
        page.locator(f'form[action*="/answer/{session.pk}/"] [name=rsvp][value=yes]').first.click()
        expect(page.locator("[role=status]")).to_be_visible()
    assert Attendance.objects.filter(session=session, rsvp=Rsvp.YES).count() == 1


@pytest.mark.usefixtures("_demo")
def test_visit_is_logged_on_the_phone_approved_and_counted(browser: Browser, live_server: LiveServer) -> None:
    before = set(Visit.objects.values_list("pk", flat=True))
    with as_("made@demo.test", PHONE, browser, live_server) as page:
        page.goto("/visits/new/")
        if page.locator("[name=summary]").count() == 0:
            page.locator("main a[href*='/visits/new/']").first.click()
        page.locator("[name=people]").first.check(force=True)
        page.locator("[name=modules][value=handholding]").check(force=True)
        page.locator("[name=summary]").fill("Menghitung ulang biaya benang dan upah per kodi.")
        page.locator("button.button-main[name=state][value=submitted]").click()
        expect(page.locator("[name=summary]")).to_have_count(0)
    visit = Visit.objects.exclude(pk__in=before).get()
    assert visit.state == VisitState.SUBMITTED
    with as_("sari@demo.test", DESK, browser, live_server) as page:
        page.goto(f"/villages/{visit.village_id}/")
        shown = page.locator("main").inner_text()
        page.goto(f"/visits/{visit.pk}/")
        press(page, '[action*="approve"]')
        visit.refresh_from_db()
        assert visit.state == VisitState.APPROVED
        page.goto(f"/villages/{visit.village_id}/")
        assert page.locator("main").inner_text() != shown
