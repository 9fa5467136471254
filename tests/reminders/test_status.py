"""Whether messages leave, in figures, in lines and in words."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import User
from reminders.metrics import HELP, exposition
from reminders.models import ChannelStatus, Message, Outage, Pulse
from reminders.states import Channel, MessageState, Part
from reminders.status import Tone, in_words, lately, lines_of, vitals
from tests import factories

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def living(at: datetime) -> datetime:
    """A dispatcher and a worker gave signs of life just now."""
    for part in (Part.WORKER, Part.DISPATCHER):
        Pulse.objects.create(name=f"{part}@host:1", part=part, at=at - 3 * SECOND)
    return at


@pytest.fixture
def english() -> Iterator[None]:
    """Read English sentences."""
    with translation.override("en"):
        yield


def message(at: datetime, **columns: Any) -> Message:
    """Have one message, due now."""
    return factories.MessageFactory.create(**{"due_at": at, "expires_at": at + timedelta(hours=9), **columns})


def tones(at: datetime) -> dict[str, Tone]:
    """Say how bad each line is."""
    return {line.name: line.tone for line in lines_of(vitals(at=at))}


def test_all_is_well(living: datetime) -> None:
    message(living - 5 * SECOND)
    message(living + 5 * SECOND)
    found = vitals(at=living)
    assert (found.due, found.oldest, found.unknown, found.failures) == (1, 5 * SECOND, 0, 0)
    assert found.is_well
    assert set(tones(living).values()) == {Tone.GOOD}
    assert not any(line.advice for line in lines_of(found))


@pytest.mark.parametrize(("age", "well"), [(0, True), (89, True), (91, False), (7200, False)])
def test_oldest_due_message_turns_it_red_after_ninety_seconds(living: datetime, age: int, *, well: bool) -> None:
    message(living - age * SECOND)
    assert vitals(at=living).is_well is well


def test_what_is_worked_through_by_hand_is_nobodys_delay(living: datetime) -> None:
    message(living - timedelta(hours=2), channel=Channel.MANUAL)
    assert vitals(at=living).is_well


def test_nobody_who_sends_is_red(at: datetime) -> None:
    assert not vitals(at=at).is_well
    Pulse.objects.create(name="bell@host:1", part=Part.BELL, at=at)  # rings, and sends nothing
    assert vitals(at=at).silence is None
    assert not vitals(at=at).is_well
    Pulse.objects.create(name="dispatcher@host:1", part=Part.DISPATCHER, at=at - 91 * SECOND)
    assert not vitals(at=at).is_well
    Pulse.objects.create(name="dispatcher@host:2", part=Part.DISPATCHER, at=at)
    assert vitals(at=at).is_well


def test_dead_worker_is_red_though_the_dispatcher_sends(living: datetime, settings: Settings) -> None:
    Pulse.objects.filter(part=Part.WORKER).update(at=living - 91 * SECOND)
    assert vitals(at=living).is_well  # a place without Celery
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    assert [line.tone for line in lines_of(vitals(at=living))][:2] == [Tone.GOOD, Tone.BAD]
    assert not vitals(at=living).is_well


def test_interrupted_sending_is_red_once_nobody_takes_it_up(living: datetime) -> None:
    claimed = message(living, state=MessageState.CLAIMED, lease_until=living - timedelta(minutes=2))
    assert vitals(at=living).is_well
    Message.objects.filter(pk=claimed.pk).update(lease_until=living - timedelta(minutes=4))
    assert vitals(at=living).lapsed == 1
    assert not vitals(at=living).is_well


def test_unknown_and_a_bell_in_vain_ask_for_a_look_only(living: datetime) -> None:
    message(living, state=MessageState.UNKNOWN)
    Pulse.objects.create(name="bell@host:1", part=Part.BELL, at=living, failures=3)
    found = vitals(at=living)
    assert (found.unknown, found.failures) == (1, 3)
    assert found.is_well
    assert [line.tone for line in lines_of(found)].count(Tone.WARN) == 2


def test_stopped_channel_is_red_and_a_resting_one_when_it_is_the_last(living: datetime, settings: Settings) -> None:
    settings.MESSAGE_CHANNELS = ["whatsapp", "log"]
    status = ChannelStatus.objects.create(channel="whatsapp", open_until=living + timedelta(minutes=1))
    assert vitals(at=living).resting == ("whatsapp",)
    assert vitals(at=living).is_well
    settings.MESSAGE_CHANNELS = ["whatsapp"]
    assert not vitals(at=living).is_well
    settings.MESSAGE_CHANNELS = ["whatsapp", "log"]
    status.halted_at, status.code = living, "190"
    status.save()
    assert vitals(at=living).stopped == (("whatsapp", "190"),)
    assert not vitals(at=living).is_well
    settings.MESSAGE_CHANNELS = ["log"]  # one that is not used stops nobody
    assert vitals(at=living).is_well


def test_vitals_ask_the_same_for_any_number(living: datetime) -> None:
    message(living)
    with CaptureQueriesContext(connection) as one:
        vitals(at=living)
    for n in range(7):
        message(living - n * SECOND)
    with CaptureQueriesContext(connection) as many:
        vitals(at=living)
    assert len(one) == len(many) == 7


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (None, "never"),
        (20, "less than a minute ago"),
        (60, "1 minute ago"),
        (5400, "90 minutes ago"),
        (7200, "2 hours ago"),
        (172800, "2 days ago"),
    ],
)
def test_ages_are_said_roughly(age: int | None, words: str, english: None) -> None:
    assert in_words(None if age is None else age * SECOND) == words


# -- metrics ----------------------------------------------------------------------------------------------------------


def test_metrics_are_what_prometheus_reads(living: datetime, settings: Settings) -> None:
    settings.MESSAGE_CHANNELS = ["whatsapp"]
    ChannelStatus.objects.create(
        channel="whatsapp", halted_at=living, open_until=living + timedelta(minutes=1), code="190"
    )
    message(living - 5 * SECOND)
    message(living - timedelta(minutes=50), state=MessageState.SENT, channel=Channel.LOG)
    message(living - timedelta(minutes=70), state=MessageState.SENT, channel=Channel.LOG)
    text = exposition(at=living)
    for line in text.splitlines():
        assert line.startswith(("# HELP desa_", "# TYPE desa_", "desa_"))
    assert text.count("# TYPE") == len(HELP)
    assert "desa_messages_due 1\n" in text
    assert "desa_messages_oldest_due_seconds 5\n" in text
    assert 'desa_messages_last_hour{channel="log",state="sent"} 1\n' in text
    assert 'desa_messages_last_hour{channel="none",state="planned"} 1\n' in text
    assert 'desa_sign_of_life_age_seconds{part="worker"} 3\n' in text
    assert 'desa_channel_stopped{channel="whatsapp"} 1\n' in text
    assert "desa_sending_well 0\n" in text


def test_metrics_hold_nobodys_data(living: datetime) -> None:
    sent = message(living, state=MessageState.SENT, text="Halo Bu Lidia", provider_id="wamid.1")
    text = exposition(at=living)
    for private in (sent.contact_point.number, "Lidia", "wamid", str(sent.key)):
        assert private not in text
    assert lately(at=living) == [("", "sent", 1)]


# -- the page ---------------------------------------------------------------------------------------------------------


def test_page_says_it_in_words_and_what_to_do(reader: Client, admin: User) -> None:
    reader.force_login(admin)
    page = reader.get("/status/")
    assert page.status_code == 200
    said = page.content.decode()
    assert "Messages do not leave as planned." in said
    assert "Last sign of life: never." in said
    assert "Start the worker or the dispatcher again." in said


def test_page_tells_of_the_last_outage(reader: Client, admin: User) -> None:
    last = Pulse.objects.create(name="worker@host:1", part=Part.WORKER, at=datetime.now(tz=factories.NOW.tzinfo))
    Outage.objects.create(began_at=last.at - timedelta(hours=5), ended_at=last.at - timedelta(hours=1), missed=312)
    reader.force_login(admin)
    said = reader.get("/status/").content.decode()
    assert "Messages leave as planned." in said
    assert "312 messages came too late and were not sent." in said


@pytest.mark.parametrize("who", ["sari", "made", "joko", "observer"])
def test_page_is_for_administrators(client: Client, who: str, request: pytest.FixtureRequest) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get("/status/").status_code == 403


def test_page_asks_for_sign_in(client: Client) -> None:
    assert client.get("/status/").status_code == 302


def test_page_speaks_indonesian(client: Client, admin: User) -> None:
    client.force_login(admin)
    assert "Tanda hidup terakhir" in client.get("/status/").content.decode()


def test_home_of_an_administrator_leads_there(reader: Client, admin: User, sari: User) -> None:
    reader.force_login(admin)
    assert 'href="/status/"' in reader.get("/").content.decode()
    reader.force_login(sari)
    assert "/status/" not in reader.get("/").content.decode()


def test_page_asks_the_same_for_any_number(
    client: Client, admin: User, at: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(admin)
    message(at)
    with CaptureQueriesContext(connection) as one:
        client.get("/status/")
    for _ in range(7):
        message(at)
    with django_assert_num_queries(len(one)):
        client.get("/status/")
