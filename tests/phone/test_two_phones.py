"""One mentor with two phones, both offline: what each of them wrote is kept, and a person is asked."""

from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from mentoring.models import Visit
from mentoring.states import VisitState
from programs.models import Cohort
from tests import factories
from tests.phone.conftest import Phone, lasting

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = ("Three looms stand still.", "Two dyers came back.")


@pytest.fixture
def returned(cohort: Cohort, made: User) -> Visit:
    """A visit that the coordinator gave back."""
    visit = factories.VisitFactory.create(cohort=cohort, mentor=made, state=VisitState.RETURNED, comment="Who came?")
    factories.AttendeeFactory.create(visit=visit, person=None, name="Bu Tenun")
    return visit


def test_both_words_are_kept_and_listed_for_review(
    browser: Browser, live_server: LiveServer, made: User, sari: User, returned: Visit, client: Client, tmp_path: Path
) -> None:
    phones = [lasting(browser, live_server.url, tmp_path / name) for name in ("one", "two")]
    for phone, words in zip(phones, WORDS, strict=True):
        phone.sign_in(made)
        phone.open()
        phone.ready()
        phone.page.locator(".first").wait_for(state="detached")
        phone.context.set_offline(True)
        _write(phone, returned, words)
    for phone in phones:
        phone.context.set_offline(False)
        expect(phone.page.locator("[data-line]")).not_to_contain_text("waiting")
    assert [phone.states() for phone in phones] == [["sent"], ["review"]]
    expect(phones[1].open("#/queue").locator(".queue-count strong")).to_have_text(["0", "0", "1", "0"])
    stored = Visit.objects.get()
    held = stored.held_versions.get()
    assert (stored.summary, held.content["summary"], held.reason) == (*WORDS, "other_version")
    for version in (stored.purpose, held.content["purpose"]):
        assert version == "Colours"
    assert [each.name for each in stored.attendees.all()] == ["Bu Tenun"]
    assert "Bu Tenun" in str(held.content["attendees"])
    client.force_login(sari)
    page = client.get(f"/visits/review/{held.pk}/").content.decode()
    assert all(words in page for words in WORDS)
    for phone in phones:
        phone.context.close()
        assert phone.complaints == []


def _write(phone: Phone, visit: Visit, words: str) -> None:
    """Take the visit up again, put it right, and hand it over."""
    page = phone.open(f"#/visit/{visit.pk}/4")
    page.locator("[data-field=summary]").fill(words)
    page.locator("[data-field=purpose]").fill("Colours")
    page.locator("[data-visit] [data-send]").click()
    page.locator("[data-visit]").wait_for(state="detached")
    assert phone.states() == ["waiting"]
