"""From the plan to the phone and back: the sender, WhatsApp as it is played, and the door for its reports."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from programs.models import Cohort
from reminders.channels import http
from reminders.channels.whatsapp import WhatsAppGateway
from reminders.models import Message
from reminders.sender import send_due
from reminders.settling import settle_reports
from reminders.states import MessageState
from tests import factories
from tests.provider.process import TOKEN, Provider
from tests.reminders.worlds import household, meeting, plan

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def meta(tmp_path: Path, settings: Settings, live_server: LiveServer) -> Iterator[Provider]:
    settings.WHATSAPP_APP_SECRET = "rahasia"
    reports = {"to": f"{live_server.url}/webhooks/whatsapp", "secret": "rahasia", "doubled": 0.5, "spread": 0.2}
    with Provider("whatsapp", tmp_path / "ledger", reports=reports, play={"echo": True}) as provider:
        settings.WHATSAPP_BASE_URL = f"{provider.url}/v26.0"
        settings.WHATSAPP_TOKEN, settings.WHATSAPP_PHONE_NUMBER_ID = TOKEN, "100200300"
        settings.MESSAGE_CHANNELS = ["whatsapp"]
        yield provider


def until(true: Callable[[], bool], patience: float = 15) -> None:
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def states(at: datetime) -> list[tuple[str, str]]:
    settle_reports(at=at)
    return sorted(Message.objects.exclude(state=MessageState.PLANNED).values_list("state", "provider_id"))


def test_letters_are_read_even_when_their_answer_was_lost(
    meta: Provider, cohort: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "SILENCE", 1.0)
    at = factories.NOW
    for index in range(6):
        household(cohort, f"Penenun {index}")
    plan(meeting(cohort, at + timedelta(days=7)), at=at)
    meta.faults(next=["take", "cut_after", "hang", "error_after", "131026", "take"])
    send_due(clock=lambda: at, gateways=[WhatsAppGateway()])
    until(lambda: not meta.counts()["waiting"])
    told = states(at + timedelta(minutes=1))
    read = sorted(("read", entry.id) for entry in meta.ledger())
    assert [each for each in told if each[0] == "read"] == read
    assert len(read) == 5
    assert len({entry.to for entry in meta.ledger()}) == 5
    connection.close()
