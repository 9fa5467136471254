"""One turn of whatever sends: a sign of life, what is due, and a step of the repair when its turn has come.

The Celery worker and the dispatcher do the same turns, and may do them side by side.
"""

import logging
import os
import socket
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

from django.db import Error, close_old_connections, connection

from reminders.claims import database_clock
from reminders.sender import send_due
from reminders.states import Part
from reminders.sweeping import steps, take_turn

TURN = 5.0  # seconds of sending between two signs of life
SIGN_EVERY = 5.0
ASK_EVERY = 15.0  # seconds between two questions whether the plan is to be repaired
AFTER_TROUBLE = 3.0
SILENCE = timedelta(hours=1)  # from here on it is an outage, and is told
log = logging.getLogger(__name__)

# The sign of life itself, and in the same statement what the last one before it tells: whoever finds that nobody gave
# one for an hour writes the outage down. Several who start at once see the same last one, so there is one row.
SIGN = """
WITH last AS (
    SELECT max(at) AS at FROM reminders_pulse WHERE part <> 'bell'
), gap AS (
    INSERT INTO reminders_outage (began_at, ended_at)
    SELECT last.at, now() FROM last WHERE last.at < now() - %(silence)s::interval
    ON CONFLICT DO NOTHING
)
INSERT INTO reminders_pulse (name, part, at, failures) VALUES (%(name)s, %(part)s, now(), 0)
ON CONFLICT (name) DO UPDATE SET at = EXCLUDED.at
"""
VAIN = """
INSERT INTO reminders_pulse (name, part, at, failures) VALUES (%(name)s, 'bell', now(), %(count)s)
ON CONFLICT (name) DO UPDATE SET at = EXCLUDED.at, failures = reminders_pulse.failures + EXCLUDED.failures
"""


class Heart:
    """Gives signs of life of one process, at most one in a few seconds."""

    def __init__(self, part: Part) -> None:
        """Begin with none."""
        self.part, self._signed_at, self._process = part, 0.0, 0

    def beat(self) -> None:
        """Give a sign of life unless one was given just now; a forked process gives its own."""
        moment, process = time.monotonic(), os.getpid()
        if self._process == process and moment - self._signed_at < SIGN_EVERY:
            return
        sign(self.part)
        self._signed_at, self._process = moment, process


def sign(part: Part) -> None:
    """Write down that this process lives, by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute(SIGN, {"name": _name(part), "part": part, "silence": str(SILENCE)})


def count_vain_rings(count: int) -> None:
    """Write down that the bell of this process was not heard; called from its own thread, which keeps no connection."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(VAIN, {"name": _name(Part.BELL), "count": count})
    finally:
        connection.close()


def _name(part: Part) -> str:
    return f"{part}@{socket.gethostname()}:{os.getpid()}"


def keep_sending(heart: Heart, *, patience: float) -> bool:
    """Send what is due for so many seconds; True when there may be more."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        heart.beat()
        if not send_due(patience=min(TURN, patience)):
            return False
    return True


def repair(heart: Heart) -> None:
    """Repair the plan when it is time, step by step, until it is done."""
    at = database_clock()
    if take_turn(at=at):
        for _step in steps(at=at):
            heart.beat()


class Dispatcher:
    """Sends what is due every few seconds and repairs the plan in between; whatever happens, it goes on."""

    def __init__(self, *, every: float, asked_to_end: Callable[[], bool], rest: Callable[[float], None]) -> None:
        """Take the pause in seconds, how to know that it shall end, and how to rest."""
        self._every, self._asked_to_end, self._rest = every, asked_to_end, rest
        self._heart = Heart(Part.DISPATCHER)
        self._repair: Iterator[None] | None = None
        self._asked_at = -ASK_EVERY

    def run(self) -> None:
        """Go on until asked to end; what is at hand is finished before."""
        while not self._asked_to_end():
            pauses = [self._guarded(self._repair_on), self._guarded(self._send)]
            if not self._asked_to_end():
                self._rest(min(pauses))

    def _guarded(self, step: Callable[[], float]) -> float:
        """Do one step; a database that is away, or a fault in one message, never ends the loop."""
        close_old_connections()
        try:
            return step()
        except Error as error:
            log.warning("The database does not answer (%s); trying again.", type(error).__name__)
            connection.close()
        except Exception:
            log.exception("A turn of the dispatcher failed; trying again.")
        self._repair = None
        return AFTER_TROUBLE

    def _send(self) -> float:
        self._heart.beat()
        sent = send_due(patience=TURN, going=lambda: not self._asked_to_end())
        return 0.0 if sent else self._every

    def _repair_on(self) -> float:
        """Do one step of the repair that is under way, or ask whether it is time for one."""
        moment = time.monotonic()
        if self._repair is None and moment - self._asked_at >= ASK_EVERY:
            self._asked_at, at = moment, database_clock()
            self._repair = steps(at=at) if take_turn(at=at) else None
        if self._repair is None:
            return self._every
        if next(self._repair, True):
            self._repair = None
        return 0.0
