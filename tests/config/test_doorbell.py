"""The bell never makes anybody wait: a broker that is gone, hangs or comes back is a matter of its own thread."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from celery import Celery
from django.db import transaction

from common import doorbell
from config.celery import app
from config.doorbell import TASK, Complaints, Doorbell, Publisher

PATIENCE = 10.0
LATENCY = 0.100  # seconds that a ring may add to a page, at the 99th percentile


class Chime:
    """What a bell sounds: counts, and waits while the gate is shut."""

    def __init__(self) -> None:
        self.times, self.failures, self.gate = 0, 0, threading.Event()
        self.gate.set()

    def __call__(self) -> None:
        self.gate.wait(PATIENCE)
        self.times += 1

    def vain(self, _error: Exception) -> None:
        self.failures += 1


def eventually(question: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not question():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_bell_sounds_once_for_all_rings_before_it_was_heard() -> None:
    chime = Chime()
    bell = Doorbell(chime, chime.vain)
    chime.gate.clear()
    for _ in range(500):
        bell()
    chime.gate.set()
    eventually(lambda: chime.times >= 1)
    time.sleep(0.1)
    assert chime.times <= 2  # the one that waited at the gate, and one for all that came meanwhile


def test_bell_sounds_again_after_it_was_heard() -> None:
    chime = Chime()
    bell = Doorbell(chime, chime.vain)
    for times in (1, 2, 3):
        bell()
        eventually(lambda times=times: chime.times == times)  # type: ignore[misc]


def test_bell_that_is_rung_all_the_time_sounds_now_and_then() -> None:
    chime = Chime()
    bell = Doorbell(chime, chime.vain)
    end = time.monotonic() + 1.3
    while time.monotonic() < end:
        bell()
        time.sleep(0.002)
    assert 2 <= chime.times <= 4


def test_bell_outlives_a_sound_that_fails() -> None:
    chime, times = Chime(), []

    def fail() -> None:
        times.append(1)
        raise OSError("gone")

    bell = Doorbell(fail, chime.vain)
    bell()
    eventually(lambda: chime.failures == 1)
    bell()
    eventually(lambda: chime.failures == 2)
    assert len(times) == 2


def test_bell_sounds_in_a_child_as_well() -> None:
    chime = Chime()
    bell = Doorbell(chime, chime.vain)
    bell()
    eventually(lambda: chime.times == 1)
    child = os.fork()
    if child == 0:
        bell()
        deadline = time.monotonic() + PATIENCE
        while chime.times < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        os._exit(0 if chime.times == 2 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert chime.times == 1


def test_bell_keeps_no_process_from_ending() -> None:
    chime = Chime()
    chime.gate.clear()
    Doorbell(chime, chime.vain)()
    assert all(thread.daemon for thread in threading.enumerate() if thread.name == "doorbell")
    chime.gate.set()


# -- what is wired behind it ------------------------------------------------------------------------------------------


@contextmanager
def hanging() -> Iterator[int]:
    """Listen like a Redis that accepts everybody and answers nobody."""
    guests: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0), backlog=64) as door:
        door.settimeout(0.1)
        closing = threading.Event()

        def welcome() -> None:
            while not closing.is_set():
                with suppress(OSError):
                    guests.append(door.accept()[0])

        host = threading.Thread(target=welcome)
        host.start()
        try:
            yield door.getsockname()[1]
        finally:
            closing.set()
            host.join()
            for guest in guests:
                guest.close()


def celery_on(port: int) -> Celery:
    """Open an app on a Redis at that port, with the product's own settings."""
    other = Celery("other", broker=f"redis://127.0.0.1:{port}/0", set_as_current=False)
    other.conf.update(
        broker_transport_options={"socket_timeout": 2, "socket_connect_timeout": 2}, task_ignore_result=True
    )
    return other


def worst_of(bell: Callable[[], None], rings: int) -> float:
    """Ring as pages do, and return the 99th percentile of what each ring took."""
    took = []
    for _ in range(rings):
        began = time.perf_counter()
        with transaction.atomic():
            doorbell.ring()
        took.append(time.perf_counter() - began)
        time.sleep(0.005)
    return sorted(took)[int(rings * 0.99) - 1]


@pytest.fixture
def hung(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """Hang only this bell."""
    bells: list[Callable[[], None]] = []
    monkeypatch.setattr(doorbell, "_bells", bells)
    return doorbell.hang


@pytest.mark.django_db(transaction=True)
def test_no_page_waits_for_a_redis_that_hangs(hung: Callable[[Callable[[], None]], None]) -> None:
    chime = Chime()
    with hanging() as port:
        hung(Doorbell(Publisher(celery_on(port)), chime.vain))
        assert worst_of(doorbell.ring, 400) < LATENCY
        eventually(lambda: chime.failures > 0)  # and the thread itself came back after two seconds


@pytest.mark.django_db(transaction=True)
def test_page_would_wait_without_the_thread(hung: Callable[[Callable[[], None]], None]) -> None:
    with hanging() as port:
        hung(Publisher(celery_on(port)))  # the guard off: published by the page itself
        assert worst_of(doorbell.ring, 1) > LATENCY


def test_publisher_comes_back_with_redis(redis_url: str) -> None:
    own = redis_url.removesuffix("0") + "5"  # where no worker of other tests listens
    with hanging() as port:
        publish = Publisher(celery_on(port))
        with pytest.raises(Exception, match=r"."):
            publish()
    publish.app.conf.broker_url = publish.app.conf.broker_write_url = own
    publish()
    with app.connection_for_read(own) as line:
        letter = line.SimpleQueue("celery").get(timeout=5)
        letter.ack()
    assert letter.headers["task"] == TASK
    assert (letter.payload[0], letter.payload[1]) == ([], {})
    assert letter.headers["expires"] is not None
    assert letter.headers["eta"] is None


def test_task_of_the_bell_is_there() -> None:
    app.loader.import_default_modules()
    assert TASK in app.tasks


def test_complaints_are_counted_and_said_once(caplog: pytest.LogCaptureFixture) -> None:
    kept: list[int] = []
    complain = Complaints(kept.append)
    with caplog.at_level(logging.WARNING):
        for _ in range(5):
            complain(OSError("redis://:secret@redis.example"))
    assert kept == [1]
    assert len(caplog.records) == 1
    assert "secret" not in caplog.text
    complain.kept_at = complain.said_at = -1e9
    complain(OSError())
    assert kept == [1, 5]


def test_complaints_that_cannot_be_kept_are_kept_later() -> None:
    kept: list[int] = []

    def keep(count: int) -> None:
        if not kept:
            kept.append(0)
            raise OSError
        kept.append(count)

    complain = Complaints(keep)
    complain(OSError())
    complain.kept_at = -1e9
    complain(OSError())
    assert kept == [0, 2]


# -- rung by what the house does ---------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_ring_waits_for_the_commit_and_is_silent_after_a_rollback(
    hung: Callable[[Callable[[], None]], None],
) -> None:
    chime = Chime()
    hung(chime)
    with transaction.atomic():
        doorbell.ring()
        assert chime.times == 0
    assert chime.times == 1
    with suppress(OSError), transaction.atomic():
        doorbell.ring()
        raise OSError
    assert chime.times == 1


@pytest.mark.django_db(transaction=True)
def test_bell_that_fails_harms_nobody(hung: Callable[[Callable[[], None]], None]) -> None:
    def fail() -> None:
        raise OSError

    hung(fail)
    with transaction.atomic():
        doorbell.ring()
    assert transaction.get_autocommit()
