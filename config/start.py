"""python3 manage.py start: the whole product from one command, and all of it gone when that command ends."""

import argparse
import hashlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from http import HTTPStatus

import psycopg
from django.conf import settings

from config.embedded import Embedded
from config.environment import BASE_DIR, VAR
from config.place import add_options, banner, broker_folder, empty_var, only_start, place, refuse_taken_port
from config.privileges import bound_to_parent
from config.supervisor import Child, Supervisor, Wish

PATIENCE = 120.0
PAUSE = 0.05

CELERY = ["celery", "-A", "config", "--quiet", "--skip-checks"]
WORKER = [*CELERY, "worker", "--loglevel", "WARNING", "--concurrency", "2"]
WORKER += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
BEAT = [*CELERY, "beat", "--loglevel", "WARNING", "--pidfile="]
DISPATCHER = ["django", "dispatch"]
SILENT = "SELECT max(at) < now() - interval '75 seconds' FROM reminders_pulse WHERE part = 'worker'"


def main(arguments: list[str]) -> None:
    """Read the options and start."""
    parser = argparse.ArgumentParser(prog="manage.py start", description="Run the whole product on this machine.")
    add_options(parser)
    start(parser.parse_args(arguments))


def start(options: argparse.Namespace) -> None:
    """Start everything, watch it, stop everything."""
    refuse_taken_port(options.host, options.port)
    with ExitStack() as stack:
        stack.enter_context(only_start())
        if options.fresh:
            empty_var()
        wish = Wish()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, wish)
        environment = os.environ | place(options) | {"BROKER_DIR": stack.enter_context(broker_folder())}
        environment.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        if settings.EMBEDDED:
            environment.setdefault("WEB_CONCURRENCY", "1")  # its threads are enough on one machine
            stack.enter_context(settings.EMBEDDED.running())
            settings.EMBEDDED.create(settings.DATABASES["default"]["NAME"])
        run(options, environment, wish)


def run(options: argparse.Namespace, environment: dict[str, str], wish: Wish) -> None:
    """Bring the children up, say where they are, and stay until a signal comes."""
    supervisor = Supervisor(ground=settings.EMBEDDED.revive if settings.EMBEDDED else lambda: None)
    try:
        if not (settings.EMBEDDED and prepared()):
            prepare(environment, wish)
        web = supervisor.add(Child("web", gunicorn(options), environment))
        wait_until_ready(web, reachable(options), environment, wish)
        print(banner(environment["BASE_URL"]), flush=True)
        ask(f"{reachable(options)}/")  # the first page goes before what can wait
        for child in background(environment):
            supervisor.add(child)
        supervisor.watch(wish)
    finally:
        supervisor.stop()


def background(environment: dict[str, str]) -> Iterator[Child]:
    """Yield what works beside the web server."""
    # Celery warns of root; we read JSON only, and embedded as root is for trying out.
    quiet = environment | {"PYTHONWARNINGS": "ignore::UserWarning:celery.platforms"}
    if settings.EMBEDDED and not settings.REDIS_URL:  # beat is a fork of its worker and shares its memory
        yield Child("worker", [*WORKER, "--beat"], quiet, is_silent=partial(worker_is_silent, settings.EMBEDDED))
    else:  # a broker may hang or be emptied: the dispatcher does the same turns without it
        yield Child("worker", WORKER, quiet)
        yield Child("beat", BEAT, quiet)
        yield Child("dispatcher", DISPATCHER, environment)


def worker_is_silent(server: Embedded) -> bool:
    """Say whether the worker gave no sign of life for too long; a database that is away says nothing about it."""
    try:
        with psycopg.connect(server.url(settings.DATABASES["default"]["NAME"]), connect_timeout=2) as line:
            return bool((line.execute(SILENT).fetchone() or [False])[0])
    except psycopg.Error:
        return False


def gunicorn(options: argparse.Namespace) -> list[str]:
    """Return the web server's command."""
    host = f"[{options.host}]" if ":" in options.host else options.host
    return ["gunicorn", "config.wsgi", "--config", "python:config.gunicorn", "--bind", f"{host}:{options.port}"]


def reachable(options: argparse.Namespace) -> str:
    """Return the address under which we ourselves reach the web server."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(options.host, options.host)  # noqa: S104, from --host
    return f"http://[{host}]:{options.port}" if ":" in host else f"http://{host}:{options.port}"


def prepared() -> bool:
    """Say whether nothing changed since the place was made ready."""
    try:
        return (VAR / "prepared").read_text(encoding="ascii") == state_of_code()
    except OSError:
        return False


def prepare(environment: dict[str, str], wish: Wish) -> None:
    """Make the place ready, in a process of its own: it needs all of Django, and we do not."""
    print("Preparing the database ...", flush=True)
    command = [sys.executable, "manage.py", "prepare"]
    process = subprocess.Popen(command, cwd=BASE_DIR, env=environment, preexec_fn=bound_to_parent())
    while process.poll() is None:
        if wish.asked:
            process.kill()
        time.sleep(PAUSE)
    wish.obey()
    if process.returncode:
        raise SystemExit("The database could not be prepared; the reason stands above.")
    (VAR / "prepared").write_text(state_of_code(), encoding="ascii")


def state_of_code() -> str:
    """Return a figure that changes with the migrations, the static files and the packages."""
    watched = [*BASE_DIR.glob("*/migrations/*.py"), *BASE_DIR.glob("static/**/*"), BASE_DIR / "requirements.txt"]
    facts = sorted((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in watched)
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def wait_until_ready(web: Child, address: str, environment: dict[str, str], wish: Wish) -> None:
    """Wait for the first page; when the database turns out to be behind, bring it up to date."""
    deadline = time.monotonic() + PATIENCE
    while (status := ask(f"{address}/health/ready")) != HTTPStatus.OK:
        if web.ended() or time.monotonic() > deadline:
            raise SystemExit("The web server did not start; the reason stands above.")
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            prepare(environment, wish)
        time.sleep(PAUSE)
        wish.obey()


def ask(address: str) -> int:
    """Return the status of an answer, or 0 when there is none."""
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310, our own address
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0
