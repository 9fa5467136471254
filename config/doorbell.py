"""Rings the Celery worker from a thread of its own, so that no page ever waits for a broker that hangs or is gone."""

import logging
import math
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from celery import Celery

TASK, EXPIRES = "reminders.tasks.send_due", 60
ECHO = 0.5  # seconds from one sound to the next: hundreds of webhooks a second are a few tasks
SAY_EVERY, KEEP_EVERY = 300.0, 10.0  # seconds between two lines in the log, and between two counts in the database
log = logging.getLogger(__name__)


class Doorbell:
    """Rung by anybody, sounded by one thread of this process; rung again before it sounded, it sounds once."""

    def __init__(self, sound: Callable[[], None], vain: Callable[[Exception], None]) -> None:
        """Take what sounds the bell, which may fail or take its time, and what hears of each failure."""
        self._sound, self._vain = sound, vain
        self._forget()
        os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        """Begin anew: the thread and the locks of a parent mean nothing to its child."""
        self._rung, self._gate = threading.Event(), threading.Lock()
        self._thread: threading.Thread | None = None

    def __call__(self) -> None:
        """Note that it was rung; returns at once, whatever the broker does."""
        self._rung.set()
        with self._gate:
            if self._thread is None:
                self._thread = threading.Thread(target=self._listen, name="doorbell", daemon=True)
                try:
                    self._thread.start()
                except RuntimeError:  # the process is ending, or has no room for a thread: the next tick finds the rows
                    self._thread = None

    def _listen(self) -> None:
        while True:
            self._rung.wait()
            self._rung.clear()
            try:
                self._sound()
            except Exception as error:  # noqa: BLE001  whatever it is, somebody's page must not hear of it
                self._vain(error)
            time.sleep(ECHO)


class Publisher:
    """Publishes the task that sends what is due: no arguments, one try, over a connection of its own."""

    def __init__(self, app: Celery) -> None:
        """Take the app; nothing is connected before the first ring."""
        self.app, self._connection = app, None

    def __call__(self) -> None:
        """Publish once; after a failure the next ring begins with a new connection."""
        connection = self._connection or self.app.connection_for_write(transport_options={"max_retries": 0})
        self._connection = None
        try:
            self.app.send_task(TASK, connection=connection, expires=EXPIRES, retry=False, ignore_result=True)
        except Exception:
            with suppress(Exception):
                connection.release()
            raise
        self._connection = connection


class Complaints:
    """Counts what was rung in vain, where everybody sees it, and says so in the log now and then."""

    def __init__(self, keep: Callable[[int], None]) -> None:
        """Take what writes the count down; it may fail as well, and is asked again later."""
        self._keep, self._count = keep, 0
        self.kept_at = self.said_at = -math.inf

    def __call__(self, error: Exception) -> None:
        """Count one failure; the log names its class and no more."""
        self._count += 1
        moment = time.monotonic()
        if moment - self.said_at >= SAY_EVERY:
            self.said_at = moment
            log.warning("The doorbell is not heard (%s); what is due leaves with the next tick.", type(error).__name__)
        if moment - self.kept_at >= KEEP_EVERY:
            self.kept_at = moment
            with suppress(Exception):
                self._keep(self._count)
                self._count = 0
