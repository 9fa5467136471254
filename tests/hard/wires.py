"""R3, R4 and R5: Redis is killed, emptied, absent and silent, workers are dead; what is due leaves all the same."""

import json
import math
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from django.db import connection
from django.test import Client

from config.environment import BASE_DIR
from config.privileges import bound_to_parent
from config.start import DISPATCHER, WORKER
from config.supervisor import Child, Supervisor
from programs.models import Session
from reminders.claims import database_clock
from reminders.models import Message
from reminders.states import MessageState
from tests.hard.country import Country, schedule_at_once, tidy
from tests.hard.crew import Hand, fork
from tests.hard.naive import put_into_queue, send_from_queue
from tests.hard.pages import WARM
from tests.hard.sending import STILL_OPEN
from tests.hard.stage import Stage
from tests.hard.verdict import Verdict, doubled, lost
from tests.plumbing.redis import free_port, redis_program

BETWEEN_KILLS, DOWN = 0.9, 0.3  # seconds
AFTERWARDS = 100.0  # seconds in which the last must have left; without a guard nobody waits so long
A_SECOND = 1.0
NUMBERS = 10  # of one cohort
PAGES, FEW, ROUNDS, MOST_ROUNDS = 40, 5, 2, 4
ADDED = 100  # milliseconds


def killed_redis(stage: Stage) -> Verdict:
    """R3: everything a place has runs under its supervisor; Redis is killed and comes back empty, again and again."""
    kills = stage.size(50, least=5)
    dues = prepare(stage, stage.size(10_000, least=500), over=kills * (BETWEEN_KILLS + DOWN))
    port = free_port()
    url = f"redis://127.0.0.1:{port}/0"
    processes, hands = (WORKER, DISPATCHER) if stage.guard else (), list[Hand]()
    with supervised(url, *processes) as supervisor:
        for n in range(kills):
            with redis(stage, port):
                if not (stage.guard or n):
                    hands.append(trust_the_queue(url))
                watch(supervisor, BETWEEN_KILLS)
            watch(supervisor, DOWN)
        with redis(stage, port):
            wait_for(stage, dues, supervisor)
    for hand in hands:
        hand.kill()
    verdict = on_time(stage, dues, most=10)
    return Verdict({"kills of Redis": kills, **verdict.facts}, verdict.limits)


def trust_the_queue(url: str) -> Hand:
    """Let letters wait in Redis alone, and one hand send from there."""
    time.sleep(A_SECOND)  # until it answers
    put_into_queue(url, Message.objects.select_related("contact_point").order_by("due_at"))
    return fork(partial(send_from_queue, url, offset()))


def dead_workers(stage: Stage) -> Verdict:
    """R5: no worker and no beat; the dispatcher sends all, and when it is dead as well, health turns red."""
    dues = prepare(stage, stage.size(5_000, least=500), over=5)
    rest = (DISPATCHER,) if stage.guard else ()
    with supervised(f"redis://127.0.0.1:{free_port()}/0", *rest) as supervisor:
        wait_for(stage, dues, supervisor)
    verdict = on_time(stage, dues, most=90)
    facts = {**verdict.facts, "green while it sends": healthy()}
    Message.objects.update(state=MessageState.PLANNED, due_at=database_clock(), begun_at=None, lease_until=None)
    stage.skip(minutes=2)
    facts["green when all are dead"] = healthy()
    return Verdict(facts, {**verdict.limits, "green when all are dead": 0})


def healthy() -> int:
    """Ask the product how it is."""
    return int(Client().get("/health/sending").status_code == 200)


def no_redis(stage: Stage) -> Verdict:
    """R4: Redis is not there, then it takes connections and never answers; pages are quick and texts leave."""
    dues = prepare(stage, stage.size(10_000, least=500), over=10, drafts=3 * MOST_ROUNDS * (PAGES + WARM))
    with silent() as port:
        nobody, mute = f"redis://127.0.0.1:{free_port()}/0", f"redis://127.0.0.1:{port}/0"
        with supervised(mute, WORKER, DISPATCHER) as supervisor:
            wait_for(stage, dues, supervisor)
        # The best of several rounds each: what a busy machine adds is not what Redis adds, and a busier one has more.
        rounds: list[list[float]] = []
        while len(rounds) < ROUNDS or (stage.guard and len(rounds) < MOST_ROUNDS and max(added(rounds)) > ADDED):
            rounds.append([p99(pages(stage, url)) for url in ("", nobody, mute)])
    facts = dict(zip(("added ms while absent", "added ms while silent"), added(rounds), strict=True))
    verdict = on_time(stage, dues, most=90)
    return Verdict({**verdict.facts, **facts}, {**verdict.limits, **dict.fromkeys(facts, ADDED)})


def added(rounds: list[list[float]]) -> list[int]:
    """Return the milliseconds that an absent and a silent Redis add to a page, by the best round of each."""
    usual, *others = (1000 * min(took) for took in zip(*rounds, strict=True))
    return [round(other - usual) for other in others]


def prepare(stage: Stage, numbers: int, *, over: float, drafts: int = 0) -> dict[str, float]:
    """Have one text due for each number, spread over some seconds from now on; returns when, by its key."""
    at, dice = database_clock(), random.Random(stage.seed)  # noqa: S311  a test is repeatable
    planned = math.ceil(numbers / NUMBERS)
    by = Country(cohorts=planned + drafts, numbers=NUMBERS).settle(at)
    schedule_at_once(list(Session.objects.order_by("pk")[:planned]), by=by, at=at)
    Message.objects.update(due_at=at + timedelta(days=1))
    tidy()
    at, rows = database_clock() + timedelta(seconds=6), list(Message.objects.order_by("pk"))
    for row in rows:
        row.due_at = at + timedelta(seconds=dice.uniform(0, over))
    Message.objects.bulk_update(rows, ["due_at"], batch_size=1000)
    connection.close()
    return {str(row.key): row.due_at.timestamp() for row in rows}


@contextmanager
def supervised(url: str, *commands: list[str]) -> Iterator[Supervisor]:
    """Have the product's own processes up, on that Redis."""
    supervisor, environment = Supervisor(ground=lambda: None), {**os.environ, "TEST_REDIS_URL": url}
    try:
        for command in commands:
            supervisor.add(Child(command[-1], command, environment | {"PYTHONWARNINGS": "ignore"}))
        yield supervisor
    finally:
        supervisor.stop()


@contextmanager
def redis(stage: Stage, port: int) -> Iterator[None]:
    """Have an empty Redis on that port, and kill it."""
    program = redis_program()
    if program is None:
        raise SystemExit("There is no redis-server.")
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(stage.folder)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, preexec_fn=bound_to_parent())
    try:
        yield
    finally:
        server.kill()
        server.wait()


@contextmanager
def silent() -> Iterator[int]:
    """Have a port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as door:
        yield int(door.getsockname()[1])


def watch(supervisor: Supervisor, seconds: float) -> None:
    """Let the supervisor work for a while."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        supervisor.look()
        time.sleep(0.05)


def wait_for(stage: Stage, dues: Mapping[str, float], supervisor: Supervisor) -> None:
    """Let the supervisor work until every letter is in the ledger, or until the last is far too late."""
    end = max(dues.values()) - offset() + (AFTERWARDS if stage.guard else 0)
    while time.time() < end and dues.keys() - {entry.key for entry in stage.provider.ledger()}:
        watch(supervisor, 0.5)


def offset() -> float:
    """Return how many seconds the database's clock is ahead of this machine's."""
    return database_clock().timestamp() - time.time()


def on_time(stage: Stage, dues: Mapping[str, float], *, most: float) -> Verdict:
    """Hold the ledger against when each letter was due."""
    ledger, ahead = stage.provider.ledger(), offset()
    due = Message.objects.filter(key__in=dues)
    expected = set(due.values_list("contact_point__number", flat=True))
    late = sorted(entry.at + ahead - dues[entry.key] for entry in ledger if entry.key in dues)
    facts = {
        "letters": len(ledger),
        "lost": len(lost(ledger, expected)),
        "doubled": doubled(ledger).total(),
        "p99 late in s": round(late[int(0.99 * len(late))], 1) if late else math.inf,
        "still open": due.filter(state__in=STILL_OPEN).count(),
    }
    return Verdict(facts, {"lost": 0, "doubled": 0, "p99 late in s": most, "still open": 0})


def p99(seconds: list[float]) -> float:
    """Return what all but one of a hundred stay below."""
    return sorted(seconds)[int(0.99 * len(seconds))]


def pages(stage: Stage, url: str) -> list[float]:
    """Have a web process on that Redis schedule drafts, one page after another; returns the seconds of each."""
    environment = {**os.environ, "TEST_REDIS_URL": url, "HARD_GUARD": "on" if stage.guard else ""}
    command = [sys.executable, "-m", "tests.hard.pages", str(PAGES if stage.guard else FEW)]
    done = subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    seconds: list[float] = json.loads(done.stdout)
    return seconds
