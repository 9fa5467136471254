"""The sender without Celery and Redis: the same turns, by a loop of its own."""

import signal
import time
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from reminders.pulse import Dispatcher

EVERY = 3.0
BLINK = 0.2  # seconds after which a wish to end is seen


class Command(BaseCommand):
    """Sends what is due every few seconds and repairs the plan every five minutes, until it is asked to end."""

    help = "Send messages as they fall due, without Celery or Redis, until stopped."
    requires_system_checks = ()
    ending = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the pause between two turns."""
        parser.add_argument("--every", type=float, default=EVERY, help="seconds between two turns")

    def handle(self, *, every: float = EVERY, **_options: object) -> None:
        """Go on until SIGTERM or Ctrl-C, and finish what is at hand."""
        before = {number: signal.signal(number, self._note) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            Dispatcher(every=every, asked_to_end=lambda: self.ending, rest=self._rest).run()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _note(self, _number: int, _frame: object) -> None:
        self.ending = True

    def _rest(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not self.ending and time.monotonic() < end:
            time.sleep(BLINK)
