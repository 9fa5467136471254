"""Killed senders lose nothing and double nothing; with the guard off the same test finds doubles."""

import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection, connections

from config.environment import BASE_DIR
from programs.models import Cohort
from reminders.channels.gateway import Letter
from reminders.models import LoggedText, Message
from reminders.states import Kind, MessageState
from tests import factories
from tests.reminders.postmen import Postman, tick
from tests.reminders.worlds import household, meeting, plan

pytestmark = pytest.mark.django_db(transaction=True)
NUMBERS = 300


def due(at: datetime, numbers: int) -> None:
    """Have one text due for each of so many numbers."""
    cohort: Cohort = factories.CohortFactory.create()
    for n in range(numbers):
        household(cohort, f"Penenun {n}")
    plan(meeting(cohort, at + timedelta(days=7)), at=at)
    Message.objects.exclude(kind=Kind.INVITATION).delete()


def kill(seed: int, kills: int, gateway: str) -> int:
    """Let senders be killed in processes of their own, on this database."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.reminders.killed_senders", str(seed), str(kills), gateway],
        cwd=BASE_DIR,
        env={**os.environ, "TEST_CONNECT_TO": str(connection.settings_dict["NAME"])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def test_killed_senders_lose_nothing_and_double_nothing(at: datetime) -> None:
    due(at, NUMBERS)
    assert kill(seed=1, kills=60, gateway="slow") >= 30
    assert Counter(Message.objects.values_list("state", flat=True)) == {MessageState.SENT: NUMBERS}
    times = Counter(LoggedText.objects.values_list("contact_point", flat=True))
    assert (len(times), max(times.values())) == (NUMBERS, 1)


def test_killed_senders_double_without_the_key(at: datetime) -> None:
    due(at, 100)
    kill(seed=1, kills=20, gateway="forgetful")
    times = Counter(LoggedText.objects.values_list("contact_point", flat=True))
    assert len(times) == 100
    assert max(times.values()) > 1


def test_senders_side_by_side_send_each_text_once(at: datetime) -> None:
    due(at, 150)
    postman = Postman()

    def one(_: int) -> None:
        try:
            tick(at, postman)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, range(4)))
    letters: list[Letter] = postman.letters
    assert len(letters) == len({letter.key for letter in letters}) == 150
    assert Counter(Message.objects.values_list("state", flat=True)) == {MessageState.ACCEPTED: 150}
