"""Channels that were stopped or rest: said on the pages, started again by who may; the pages of messages as tabs."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from accounts.models import User
from reminders.models import ChannelStatus
from tests import factories
from tests.reminders.worlds import happened


@pytest.fixture
def desk(reader: Client, sari: User, clock: object) -> Client:
    reader.force_login(sari)
    return reader


@pytest.mark.parametrize("page", ["/", "/messages/"])
def test_stopped_channel_is_said_where_people_look(desk: Client, page: str) -> None:
    assert "was stopped on" not in desk.get(page).content.decode()
    factories.ChannelStatusFactory.create()
    shown = desk.get(page).content.decode()
    assert "WhatsApp was stopped on Thu, 1 Oct 2026 09.59 WIB." in shown
    assert "131031" in shown
    assert "It is tried again on Thu, 1 Oct 2026 10.14 WIB." in shown
    assert "Start again now" in shown


def test_resting_channel_is_said_until_it_is_tried_again(desk: Client, at: datetime) -> None:
    status = factories.ChannelStatusFactory.create(halted_at=None, failures=5, code="")
    assert "WhatsApp rests after failures." in desk.get("/messages/").content.decode()
    ChannelStatus.objects.filter(pk=status.pk).update(open_until=at - timedelta(seconds=1))
    assert "rests after failures" not in desk.get("/messages/").content.decode()


def test_channel_is_started_again_once(desk: Client) -> None:
    status = factories.ChannelStatusFactory.create()
    address = f"/messages/channels/{status.channel}/resume/"
    for _ in range(2):
        answer = desk.post(address, {"next": "/"})
        assert (answer.status_code, answer["Location"]) == (302, "/")
    status.refresh_from_db()
    assert (status.halted_at, status.open_until, status.failures, status.code) == (None, None, 0, "")
    assert happened(status) == ["resumed"]
    assert desk.get(address).status_code == 302
    assert desk.post("/messages/channels/fax/resume/").status_code == 404
    assert desk.post(address, {"next": "https://elsewhere.example"})["Location"] == "/messages/"


def test_mentor_reads_and_does_not_start(reader: Client, made: User, clock: object) -> None:
    status = factories.ChannelStatusFactory.create()
    reader.force_login(made)
    page = reader.get("/messages/").content.decode()
    assert "was stopped on" in page
    assert "Start again now" not in page
    assert reader.post(f"/messages/channels/{status.channel}/resume/").status_code == 403


def test_tabs_lead_to_the_pages_that_are_open_to_the_reader(desk: Client, reader: Client, made: User) -> None:
    page = desk.get("/messages/calls/").content.decode()
    assert '<a href="/messages/calls/" aria-current="page">' in page
    assert 'href="/messages/costs/"' in page
    reader.force_login(made)
    page = reader.get("/messages/calls/").content.decode()
    assert 'href="/messages/by-hand/"' in page
    assert 'href="/messages/costs/"' not in page
