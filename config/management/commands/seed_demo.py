"""manage.py seed_demo: the Parengan case, told relative to today."""

import time

from django.core.management.base import BaseCommand
from django.utils.timezone import now

from config.demo import PASSWORD, SIGN_INS
from config.demo.seed import seed_demo


class Command(BaseCommand):
    """Fill an empty product with invented people, sessions, messages and visits; a second time changes nothing."""

    help = "Load the demo: the weaving village Parengan with invented people, relative to today."

    def handle(self, *, verbosity: int, **_options: object) -> None:
        """Load it, and say who signs in."""
        started = time.monotonic()
        if not seed_demo(at=now()):
            self._say(verbosity, "The demo is already there; nothing was changed.")
            return
        self._say(verbosity, f"The demo is loaded ({time.monotonic() - started:.1f} s). Password of all: {PASSWORD}")
        for email, role in SIGN_INS:
            self._say(verbosity, f"  {email:<20} {role}")

    def _say(self, verbosity: int, sentence: str) -> None:
        if verbosity:
            self.stdout.write(sentence)
