"""manage.py prepare: what must be done before the product can be used."""

from django.core.management.base import BaseCommand

from config.prepare import prepare_everything


class Command(BaseCommand):
    """Bring the database up to date, gather the static files, load the demo where it belongs."""

    help = "Bring the database up to date, gather static files, load the demo into an empty demo database."
    requires_system_checks = ()

    def handle(self, **_options: object) -> None:
        """Prepare, and say nothing."""
        prepare_everything()
