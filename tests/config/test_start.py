"""The whole product from one command: it serves, heals, and leaves nothing behind, however it ends."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from config.embedded import Embedded
from config.environment import BASE_DIR
from config.supervisor import LEARNS_TO_SPEAK, LISTEN_EVERY, Child, Supervisor
from tests.plumbing.redis import free_port

PATIENCE = 60.0
NAMES = ("DEMO", "DATABASE_URL", "REDIS_URL", "BASE_URL", "DJANGO_SETTINGS_MODULE", "TEST_CONNECT_TO")


def said(process: psutil.Process) -> str:
    """Return the command line of a process, or nothing when it is gone."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


class Product:
    """One start in a folder of its own."""

    def __init__(self, var: Path) -> None:
        self.var, self.port = var, free_port()
        self.environment = {name: value for name, value in os.environ.items() if name not in NAMES}
        self.environment |= {"VAR_DIR": str(var), "DEMO": "false", "SECRET_KEY": "s" * 50, "WEB_CONCURRENCY": "1"}
        self.family: list[psutil.Process] = []

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "manage.py", "start", "--port", str(self.port), *arguments]

    def run(self, *arguments: str, text: str = "") -> "subprocess.CompletedProcess[str]":
        """Start it where it will not stay."""
        return subprocess.run(
            self.command(*arguments),
            cwd=BASE_DIR,
            env=self.environment,
            input=text,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    def start(self, *arguments: str, text: str = "") -> None:
        """Start it and wait until it is announced and complete."""
        self.process = subprocess.Popen(
            self.command(*arguments),
            cwd=BASE_DIR,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(text)
        self.process.stdin.close()
        for line in self.process.stdout:
            if "runs at" in line:
                break
        eventually(self.complete)

    def complete(self) -> bool:
        """Look who is there, and say whether all are."""
        self.family = [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]
        return all(map(self.named, ("bin/postgres", "gunicorn", " worker ", "beat")))

    def named(self, word: str) -> list[psutil.Process]:
        return [process for process in self.family if word in said(process)]

    def status(self) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=5) as answer:
                return int(answer.status)
        except OSError:
            return 0

    def end(self, how: signal.Signals) -> int:
        """Signal the parent alone and return its exit code once the whole family is gone."""
        self.process.send_signal(how)
        code = self.process.wait(PATIENCE)
        _gone, alive = psutil.wait_procs(self.family, timeout=20)
        assert alive == []
        return code


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("start") / "var"


@pytest.fixture
def product(var: Path) -> Iterator[Product]:
    product = Product(var)
    yield product
    for process in product.family:
        if process.is_running():
            process.kill()


def eventually(question: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not question():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_start_ends_cleanly_on_ctrl_c_and_sigterm(product: Product) -> None:
    product.start()
    assert product.status() == 200
    assert product.end(signal.SIGINT) == 0
    began = time.monotonic()
    product.start()
    assert time.monotonic() - began < 10  # 1 s on an idle machine
    assert product.end(signal.SIGTERM) == 0


def test_start_killed_leaves_nothing_and_loses_nothing(product: Product) -> None:
    product.start()
    with psycopg.connect(Embedded(product.var / "postgres").url("desa_devisa")) as database:
        database.execute("CREATE TABLE kept AS SELECT 42 AS figure")
    assert product.end(signal.SIGKILL) == -signal.SIGKILL
    assert not (product.var / "postgres" / "postmaster.pid").exists()
    product.start()
    with psycopg.connect(Embedded(product.var / "postgres").url("desa_devisa")) as database:
        assert database.execute("SELECT figure FROM kept").fetchone() == (42,)
        database.execute("DROP TABLE kept")
    assert product.end(signal.SIGTERM) == 0


def test_start_heals_what_is_killed(product: Product) -> None:
    product.start()
    for victim in (*product.named("gunicorn"), *product.named("celery"), *product.named("bin/postgres -D")):
        victim.kill()
    eventually(lambda: product.status() != 200)
    eventually(lambda: product.status() == 200)
    product.family += psutil.Process(product.process.pid).children(recursive=True)
    assert product.end(signal.SIGTERM) == 0


def test_start_with_redis_does_not_depend_on_it(product: Product, redis_url: str) -> None:
    product.environment["REDIS_URL"] = redis_url
    product.start()
    eventually(lambda: product.complete() and len(product.named("django dispatch")) == 1)
    assert product.end(signal.SIGTERM) == 0


def test_start_in_a_running_folder_is_refused(product: Product) -> None:
    product.start()
    other = Product(product.var).run()
    assert other.returncode == 1
    assert other.stderr == f"It is already running in this folder, as process {product.process.pid}.\n"
    assert product.end(signal.SIGTERM) == 0


def test_start_on_a_taken_port_is_one_line(product: Product) -> None:
    with socket.create_server(("127.0.0.1", product.port)):
        done = product.run()
    assert done.returncode == 1
    assert done.stderr == f"Cannot listen on 127.0.0.1:{product.port}: Address already in use. Choose another --port.\n"


@pytest.mark.parametrize("answer", ["n\n", ""])
def test_fresh_deletes_nothing_without_a_yes(product: Product, answer: str) -> None:
    product.var.mkdir(exist_ok=True)
    (product.var / "kept").touch()
    done = product.run("--fresh", text=answer)
    assert (done.returncode, done.stderr) == (1, "Nothing was deleted.\n")
    assert (product.var / "kept").exists()


def test_fresh_begins_anew_after_a_yes(product: Product) -> None:
    product.var.mkdir(exist_ok=True)
    (product.var / "gone").touch()
    product.start("--fresh", text="y\n")
    assert not (product.var / "gone").exists()
    assert product.status() == 200
    assert product.end(signal.SIGTERM) == 0


def test_child_that_gives_no_sign_of_life_is_started_again(capsys: pytest.CaptureFixture[str]) -> None:
    silence = [False, True, False]
    waits = ["timeit", "-n", "1", "import time; time.sleep(60)"]
    child = Child("worker", waits, dict(os.environ), is_silent=lambda: silence.pop(0))
    supervisor = Supervisor(ground=lambda: None)
    supervisor.add(child)
    first = child.process
    try:
        for _ in range(2):  # asked twice: it speaks, then it is silent
            child.started -= LEARNS_TO_SPEAK + LISTEN_EVERY + 1
            child.listened = 0.0
            supervisor.look()
        assert first is not None
        assert first.wait(PATIENCE) == -signal.SIGKILL
        child.not_before = 0.0
        while child.process in (None, first):
            supervisor.look()
        assert len(silence) == 1  # a new one has time to learn
        assert "worker gives no sign of life; it is ended." in capsys.readouterr().err
    finally:
        supervisor.stop()
