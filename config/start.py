"""python3 manage.py start: the whole product from one command, and all of it gone when that command ends."""

import argparse
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from typing import Never

from django.conf import settings

from config.demo import PASSWORD, SIGN_INS
from config.embedded import Embedded
from config.environment import BASE_DIR, VAR
from config.supervisor import Child, Supervisor

PATIENCE = 120.0
PAUSE = 0.05


def main(arguments: list[str]) -> None:
    """Start everything, watch it, stop everything."""
    options = parse(arguments)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    refuse_taken_port(options.host, options.port)
    with ExitStack() as stack:
        stack.enter_context(only_start())
        if options.fresh:
            empty_var()
        environment = os.environ | place(options) | {"BROKER_DIR": stack.enter_context(broker_folder())}
        if settings.EMBEDDED:
            stack.enter_context(settings.EMBEDDED.running())
            settings.EMBEDDED.create(settings.DATABASES["default"]["NAME"])
        run(options, environment)


def run(options: argparse.Namespace, environment: dict[str, str]) -> None:
    """Bring the children up, say where they are, and stay until a signal comes."""
    supervisor = Supervisor(ground=settings.EMBEDDED.revive if settings.EMBEDDED else lambda: None)
    try:
        if not (settings.EMBEDDED and prepared()):
            prepare(environment)
        supervisor.add(Child("web", gunicorn(options), environment))
        wait_until_ready(supervisor, options, environment)
        # Celery warns of root; we read JSON only, and embedded as root is for trying out.
        quiet = environment | {"PYTHONWARNINGS": "ignore::UserWarning:celery.platforms"}
        supervisor.add(Child("worker", WORKER, quiet))
        supervisor.add(Child("beat", BEAT, quiet))
        print(banner(environment["BASE_URL"]), flush=True)
        supervisor.watch()
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        supervisor.stop()


def gunicorn(options: argparse.Namespace) -> list[str]:
    """Return the web server's command."""
    host = f"[{options.host}]" if ":" in options.host else options.host
    return ["gunicorn", "config.wsgi", "--config", "python:config.gunicorn", "--bind", f"{host}:{options.port}"]


CELERY = ["celery", "-A", "config", "--quiet"]
WORKER = [*CELERY, "worker", "--loglevel", "WARNING", "--concurrency", "2"]
WORKER += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
BEAT = [*CELERY, "beat", "--loglevel", "WARNING", "--pidfile="]


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the options."""
    parser = argparse.ArgumentParser(prog="manage.py start", description="Run the whole product on this machine.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=port, default=8000, help="port to listen on (default: 8000)")
    parser.add_argument("--fresh", action="store_true", help="ask, then empty var/ before starting")
    return parser.parse_args(arguments)


def port(text: str) -> int:
    """Read a port number."""
    number = int(text)
    if not 0 < number < 2**16:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return number


def place(options: argparse.Namespace) -> dict[str, str]:
    """Return the settings that follow from where we listen, unless they were given."""
    host = f"[{options.host}]" if ":" in options.host else options.host
    wanted = {"BASE_URL": f"http://{host}:{options.port}"}
    if settings.DEMO and options.host in {"0.0.0.0", "::"}:  # noqa: S104, asked for by --host
        wanted = {"BASE_URL": f"http://{socket.gethostname()}:{options.port}", "ALLOWED_HOSTS": "*"}
    return {name: os.environ.get(name) or value for name, value in wanted.items()}


def refuse_taken_port(host: str, number: int) -> None:
    """End with one line when nobody could listen there."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind(address)
    except OSError as error:
        raise SystemExit(f"Cannot listen on {host}:{number}: {error.strerror}. Choose another --port.") from error


@contextmanager
def only_start() -> Iterator[None]:
    """Be the only start in this folder."""
    try:
        VAR.mkdir(parents=True, exist_ok=True)
        lock = (VAR / "start.lock").open("a+")
    except OSError as error:
        raise SystemExit(f"Cannot write to {VAR}: {error.strerror}.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise SystemExit(f"It is already running in this folder, as process {lock.read().strip()}.") from error
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def empty_var() -> None:
    """Ask, then delete all that was kept here."""
    for users in VAR.glob("*-users"):
        if not Embedded(users.with_name(users.name.removesuffix("-users"))).idle():
            raise SystemExit(f"Another command is using the database in {VAR}; stop it first.")
    try:
        answer = input(f"Delete everything in {VAR} (database, files, keys)? [y/N] ")
    except EOFError:
        answer = ""
    if answer.strip().lower() not in {"y", "yes", "ya"}:
        raise SystemExit("Nothing was deleted.")
    for path in VAR.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != "start.lock":
            path.unlink()


@contextmanager
def broker_folder() -> Iterator[str]:
    """Yield a new folder for the embedded broker; what an older one held is in rows anyway."""
    if settings.REDIS_URL:
        yield ""
        return
    shutil.rmtree(VAR / "broker", ignore_errors=True)
    (VAR / "broker").mkdir()
    yield tempfile.mkdtemp(dir=VAR / "broker")
    shutil.rmtree(VAR / "broker", ignore_errors=True)


def prepared() -> bool:
    """Say whether nothing changed since the place was made ready."""
    try:
        return (VAR / "prepared").read_text(encoding="ascii") == state_of_code()
    except OSError:
        return False


def prepare(environment: dict[str, str]) -> None:
    """Make the place ready, in a process of its own: it needs all of Django, and we do not."""
    print("Preparing the database ...", flush=True)
    done = subprocess.run([sys.executable, "manage.py", "prepare"], cwd=BASE_DIR, env=environment, check=False)
    if done.returncode:
        raise SystemExit("The database could not be prepared; the reason stands above.")
    (VAR / "prepared").write_text(state_of_code(), encoding="ascii")


def state_of_code() -> str:
    """Return a figure that changes with the migrations, the static files and the packages."""
    watched = [*BASE_DIR.glob("*/migrations/*.py"), *BASE_DIR.glob("static/**/*"), BASE_DIR / "requirements.txt"]
    facts = sorted((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in watched)
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def wait_until_ready(supervisor: Supervisor, options: argparse.Namespace, environment: dict[str, str]) -> None:
    """Wait for the first page; when the database turns out to be behind, bring it up to date."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(options.host, options.host)  # noqa: S104
    deadline = time.monotonic() + PATIENCE
    while (status := ask(f"http://{host}:{options.port}/health/ready")) != HTTPStatus.OK:
        if supervisor.ended() or time.monotonic() > deadline:
            raise SystemExit("The web server did not start; the reason stands above.")
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            prepare(environment)
        time.sleep(PAUSE)


def ask(address: str) -> int:
    """Return the status of an answer, or 0 when there is none."""
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310, our own address
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def banner(address: str) -> str:
    """Return where the product is and, in the demo, how to get in."""
    lines = [f"Desa Devisa Tracker runs at {address}/  (Ctrl-C stops it)"]
    if settings.DEMO:
        lines += ["", f"Demo sign-ins, all with the password {PASSWORD}:"]
        lines += [f"  {email:<20} {role}" for email, role in SIGN_INS]
    return "\n".join(lines)


def leave(_number: int, _frame: object) -> Never:
    """Turn the first signal into an orderly end, and let no other disturb it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise SystemExit(0)
