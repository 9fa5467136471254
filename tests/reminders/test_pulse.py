"""Signs of life, and a loop that nothing ends but a wish to end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from itertools import count

import pytest
from django.db import OperationalError, connection
from django.db.models.functions import Now

from accounts.models import User
from common import doorbell
from config.environment import BASE_DIR
from programs.models import Cohort
from reminders import pulse
from reminders.actions import retry_message
from reminders.claims import database_clock
from reminders.models import Message, Outage, Pulse
from reminders.pulse import Dispatcher, Heart, count_vain_rings, keep_sending, sign
from reminders.states import MessageState, Part
from reminders.tasks import send_due
from tests.reminders.test_tasks import due
from tests.reminders.worlds import household, meeting, plan

__all__ = ["due"]
PATIENCE = 30.0


def long_ago(**since: float) -> None:
    """Let all signs of life be as old as that."""
    Pulse.objects.update(at=Now() - timedelta(**since))


# -- signs of life ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_sign_is_one_row_per_process_and_is_renewed() -> None:
    sign(Part.WORKER)
    long_ago(minutes=5)
    sign(Part.WORKER)
    sign(Part.DISPATCHER)
    assert sorted(Pulse.objects.values_list("part", flat=True)) == ["dispatcher", "worker"]
    assert not Pulse.objects.filter(at__lt=Now() - timedelta(minutes=1)).exists()
    assert str(Pulse.objects.get(part="worker")).endswith(f":{os.getpid()}")


@pytest.mark.django_db
def test_heart_beats_at_most_every_few_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    signs: list[Part] = []
    monkeypatch.setattr(pulse, "sign", signs.append)
    heart = Heart(Part.WORKER)
    for _ in range(50):
        heart.beat()
    assert signs == [Part.WORKER]
    monkeypatch.setattr("reminders.pulse.os.getpid", lambda: 1)  # a child gives its own
    heart.beat()
    assert len(signs) == 2


@pytest.mark.django_db
def test_short_silence_is_no_outage() -> None:
    sign(Part.WORKER)
    long_ago(minutes=59)
    sign(Part.DISPATCHER)
    assert not Outage.objects.exists()


@pytest.mark.django_db
def test_first_sign_ever_is_no_outage() -> None:
    sign(Part.WORKER)
    assert not Outage.objects.exists()


@pytest.mark.django_db
def test_long_silence_is_written_down_once() -> None:
    sign(Part.WORKER)
    long_ago(hours=72)
    sign(Part.DISPATCHER)
    sign(Part.WORKER)
    outage = Outage.objects.get()
    assert timedelta(hours=71) < outage.ended_at - outage.began_at < timedelta(hours=73)
    assert outage.missed is None
    assert str(outage) == f"#{outage.pk}"


@pytest.mark.django_db
def test_bell_is_no_sign_of_life_of_a_sender() -> None:
    sign(Part.WORKER)
    long_ago(hours=3)
    count_vain_rings(2)
    count_vain_rings(3)
    sign(Part.WORKER)
    assert Outage.objects.count() == 1
    assert Pulse.objects.get(part=Part.BELL).failures == 5


@pytest.fixture(autouse=True)
def kept_connection(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Keep the connection of a test that runs in one transaction."""
    if "due" in request.fixturenames or request.node.get_closest_marker("django_db"):
        monkeypatch.setattr(pulse, "close_old_connections", lambda: None)
        monkeypatch.setattr("reminders.pulse.connection.close", lambda: None)


@pytest.mark.django_db(transaction=True)
def test_several_who_start_at_once_write_one_outage() -> None:
    sign(Part.WORKER)
    long_ago(hours=5)
    code = "import django; django.setup(); from reminders.pulse import sign; sign('dispatcher')"
    starts = [subprocess.Popen([sys.executable, "-c", code], cwd=BASE_DIR, env=on_this_database()) for _ in range(4)]
    assert [start.wait(PATIENCE) for start in starts] == [0] * 4
    assert Pulse.objects.count() == 5
    assert Outage.objects.count() == 1


def on_this_database() -> dict[str, str]:
    """Name the tests' database to a process of its own."""
    name = str(connection.settings_dict["NAME"])
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_CONNECT_TO": name}


# -- turns ------------------------------------------------------------------------------------------------------------


def test_turn_sends_and_gives_a_sign(due: Message) -> None:
    assert not keep_sending(Heart(Part.WORKER), patience=5)
    due.refresh_from_db()
    assert due.state == MessageState.SENT
    assert Pulse.objects.filter(part=Part.WORKER).exists()


def busy(*, patience: float) -> int:
    """Send for as long as one may, and leave something."""
    time.sleep(patience)
    return 1


@pytest.mark.django_db
def test_task_that_does_not_come_to_an_end_rings_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    rings: list[int] = []
    monkeypatch.setattr(doorbell, "ring", lambda: rings.append(1))
    monkeypatch.setattr("reminders.tasks.ring", lambda: rings.append(1))
    monkeypatch.setattr("reminders.tasks.PATIENCE", 0.05)
    monkeypatch.setattr(pulse, "send_due", busy)
    send_due()
    assert rings == [1]


def turns(most: int) -> Callable[[], bool]:
    """Ask to end after so many questions."""
    asked = count()
    return lambda: next(asked) >= most


@pytest.mark.django_db
def test_dispatcher_goes_on_whatever_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    troubles: Iterator[Exception] = iter([OperationalError("terminating"), ValueError("a bug"), OperationalError()])
    sent: list[int] = []

    def fail_first(**_ways: object) -> int:
        trouble = next(troubles, None)
        if trouble:
            raise trouble
        sent.append(1)
        return 0

    rests: list[float] = []
    monkeypatch.setattr(pulse, "send_due", fail_first)
    Dispatcher(every=0.5, asked_to_end=turns(10), rest=rests.append).run()
    assert len(sent) == 2
    assert len(rests) == 5
    assert max(rests) <= pulse.AFTER_TROUBLE


def noting(done: list[str]) -> Callable[..., int]:
    """Note each time that something was to be sent; nothing is due."""

    def send(**_ways: object) -> int:
        done.append("send")
        return 0

    return send


@pytest.mark.django_db
def test_dispatcher_sends_between_the_steps_of_a_repair(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def three(*, at: object) -> Iterator[None]:
        for _ in range(3):
            done.append("repair")
            yield

    monkeypatch.setattr(pulse, "steps", three)
    monkeypatch.setattr(pulse, "send_due", noting(done))
    rests: list[float] = []
    Dispatcher(every=3.0, asked_to_end=turns(10), rest=rests.append).run()
    assert done == ["repair", "send", "repair", "send", "repair", "send", "send", "send"]
    assert rests == [0.0, 0.0, 0.0, 0.0, 3.0]


@pytest.mark.django_db
def test_repair_that_fails_is_begun_anew_another_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*, at: object) -> Iterator[None]:
        yield
        raise OperationalError

    sent: list[str] = []
    monkeypatch.setattr(pulse, "steps", broken)
    monkeypatch.setattr(pulse, "send_due", noting(sent))
    Dispatcher(every=0.0, asked_to_end=turns(12), rest=lambda _seconds: None).run()
    assert len(sent) == 6


@pytest.mark.django_db(transaction=True)
def test_dispatch_outlives_a_database_that_cuts_it_off_and_ends_when_asked(due: Message) -> None:
    Message.objects.update(state=MessageState.EXPIRED)
    command = [sys.executable, "-m", "django", "dispatch", "--every", "0.2"]
    dispatcher = subprocess.Popen(command, cwd=BASE_DIR, env=on_this_database(), stderr=subprocess.PIPE, text=True)
    try:
        for _round in range(2):
            since = database_clock()
            eventually(lambda since=since: Pulse.objects.filter(at__gt=since).exists())  # type: ignore[misc]
            cut_off()
        Message.objects.update(state=MessageState.PLANNED)
        eventually(lambda: Message.objects.get().state == MessageState.SENT)
    finally:
        dispatcher.send_signal(signal.SIGTERM)
        said = dispatcher.communicate(timeout=PATIENCE)[1]
    assert dispatcher.returncode == 0
    assert "Traceback" not in said


def cut_off() -> None:
    """End every other connection to this database, as its restart does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid()"
        )


def eventually(question: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not question():
        assert time.monotonic() < deadline
        time.sleep(0.05)


# -- the bell ---------------------------------------------------------------------------------------------------------

Committing = Callable[..., AbstractContextManager[object]]


@pytest.fixture
def rings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Hear the bell."""
    heard: list[int] = []
    monkeypatch.setattr(doorbell, "_bells", [lambda: heard.append(1)])
    return heard


def test_plan_of_what_is_due_now_rings(
    cohort: Cohort, at: datetime, rings: list[int], django_capture_on_commit_callbacks: Committing
) -> None:
    household(cohort, "Lidia Wati")
    session = meeting(cohort, at + timedelta(days=9))
    with django_capture_on_commit_callbacks(execute=True):
        plan(session, at=at)
    assert rings == [1]
    with django_capture_on_commit_callbacks(execute=True):
        plan(session, at=at)  # nothing new
    assert rings == [1]


def test_plan_of_what_is_due_later_does_not_ring(
    cohort: Cohort, at: datetime, rings: list[int], django_capture_on_commit_callbacks: Committing
) -> None:
    household(cohort, "Lidia Wati")
    session = meeting(cohort, at + timedelta(days=9))
    with django_capture_on_commit_callbacks(execute=True):
        plan(session, at=at + timedelta(hours=11))  # 21.00: the invitation waits for the morning
    assert Message.objects.exists()
    assert rings == []


def test_another_try_rings(
    due: Message, sari: User, at: datetime, rings: list[int], django_capture_on_commit_callbacks: Committing
) -> None:
    Message.objects.update(state=MessageState.FAILED)
    due.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        retry_message(due, by=sari, at=at)
    assert rings == [1]
