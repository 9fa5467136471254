"""The attendance sheet in a real browser."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils.timezone import now
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from programs.models import Cohort, Enrollment, Venue
from tests.factories import PersonFactory
from tests.programs.plans import scheduled

pytestmark = pytest.mark.django_db(transaction=True)


def test_somebody_added_is_counted_and_the_page_keeps_its_title(
    page: Page,
    client: Client,
    live_server: LiveServer,
    enrolled: Enrollment,
    cohort: Cohort,
    venue: Venue,
    sari: User,
) -> None:
    session = scheduled(cohort, venue, starts_at=now() - timedelta(hours=1), by=sari)
    PersonFactory.create(village=cohort.village, name="Tamu Baru")
    client.force_login(sari)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
    page.goto(f"/sessions/{session.pk}/attendance/")
    title = page.title()
    page.locator("#walk-in-name").fill("Tamu")
    page.locator("[data-walk-in-search] button").click()
    page.locator("#found .person button").click()
    expect(page.locator(".sheet > li")).to_have_count(2)
    expect(page.locator(".sheet-count")).to_contain_text("2")
    expect(page.locator("[data-came]")).to_have_text("1")
    assert page.title() == title
