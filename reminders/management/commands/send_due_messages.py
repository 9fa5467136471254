"""One tick of what the worker does each minute."""

from django.core.management.base import BaseCommand

from reminders.sender import send_due


class Command(BaseCommand):
    """Sends every message that is due."""

    help = "Send every message that is due now, once."

    def handle(self, **_options: object) -> None:
        """Send, and say how many texts left."""
        self.stdout.write(f"{send_due()} texts sent.")
