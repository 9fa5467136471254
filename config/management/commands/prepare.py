"""manage.py prepare: what must be done before the product can be used."""

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from config.prepare import prepare_everything


class Command(BaseCommand):
    """Bring the database up to date, gather the static files, load the demo where it belongs."""

    help = "Bring the database up to date, gather static files, load the demo into an empty demo database."
    requires_system_checks = ()

    def handle(self, **_options: object) -> None:
        """Prepare, and say nothing."""
        try:
            prepare_everything()
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {str(error).strip().splitlines()[0]}") from error
