"""The sender without Celery and Redis: the same ticks, by a loop of its own."""

import time
from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from reminders.claims import database_clock
from reminders.notices import plan_notices
from reminders.planning import sweep
from reminders.sender import send_due

TICK, SWEEP = 10.0, 300.0


class Command(BaseCommand):
    """Sends what is due every few seconds and repairs the plan every five minutes, until it is stopped."""

    help = "Send messages as they fall due, without Celery or Redis, until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the pause between two ticks."""
        parser.add_argument("--every", type=float, default=TICK, help="seconds between two ticks")

    def handle(self, *, every: float = TICK, **_options: object) -> None:
        """Tick for ever."""
        swept = -SWEEP
        while True:
            close_old_connections()
            if time.monotonic() - swept >= SWEEP:
                sweep(at=database_clock())
                plan_notices(at=database_clock())
                swept = time.monotonic()
            send_due()
            time.sleep(every)
