"""Every page beside a bare Django view, in interleaved rounds; what counts is the ratio."""

import argparse
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from statistics import median

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command

from accounts.models import User
from config.environment import BASE_DIR
from programs.models import Cohort, Program
from villages.links import token_of
from villages.models import ContactPoint, Village


@dataclass(frozen=True)
class Target:
    """One address on one server."""

    name: str
    port: int
    path: str
    cookie: str = ""


@contextmanager
def _serving(application: str) -> Iterator[int]:
    """Run gunicorn with two workers for as long as the block lasts."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-k",
        "gthread",
        "-w",
        "2",
        "--threads",
        "4",
        "--no-control-socket",
        "--log-level",
        "warning",
    ]
    server = subprocess.Popen([*command, "-b", f"127.0.0.1:{port}", application], cwd=BASE_DIR, env=os.environ.copy())
    try:
        for _ in range(200):
            with socket.socket() as door:
                if door.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


def _signed_in(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def _per_second(target: Target, requests: int) -> float:
    line = http.client.HTTPConnection("127.0.0.1", target.port, timeout=60)
    began = time.perf_counter()
    for _ in range(requests):
        line.request("GET", target.path, headers={"Cookie": target.cookie} if target.cookie else {})
        answer = line.getresponse()
        answer.read()
        if answer.status != HTTPStatus.OK:
            raise SystemExit(f"{target.name}: {target.path.split('/')[1]} answered {answer.status}")
    return requests / (time.perf_counter() - began)


def _targets(hello: int, product: int) -> list[Target]:
    cookie = _signed_in(User.objects.get(email="admin@bench.test"))
    program, cohort = Program.objects.order_by("pk")[0], Cohort.objects.order_by("pk")[0]
    token = token_of(ContactPoint.objects.order_by("pk")[0])
    pages = (
        ("weaver", f"/s/{token}", ""),
        ("poster", f"/d/{Village.objects.order_by('pk')[0].code}", ""),
        ("schedule", f"/schedule/?program={program.pk}", cookie),
        ("program", f"/programs/{program.pk}/", cookie),
        ("api sessions", "/api/v1/sessions/", cookie),
        ("api sessions of 100", "/api/v1/sessions/?page_size=100", cookie),
        ("api progress", f"/api/v1/progress/villages/?program={program.pk}", cookie),
        ("api cohort", f"/api/v1/progress/cohorts/{cohort.pk}/", cookie),
    )
    return [Target("hello", hello, "/"), *(Target(name, product, path, held) for name, path, held in pages)]


def main(arguments: argparse.Namespace) -> None:
    """Print, for each page, the ratio to hello: median, smallest and largest over the rounds."""
    call_command("collectstatic", interactive=False, verbosity=0)
    with _serving("bench.hello:application") as hello, _serving("config.wsgi:application") as product:
        targets = _targets(hello, product)
        for target in targets:
            _per_second(target, 10)
        rounds = [{t.name: _per_second(t, arguments.requests) for t in targets} for _ in range(arguments.rounds)]
    for target in targets:
        ratios = [figures[target.name] / figures["hello"] for figures in rounds]
        sys.stdout.write(f"{target.name:<22} x {median(ratios):.3f}  ({min(ratios):.3f}-{max(ratios):.3f})\n")
