"""manage.py start, for those who ask Django for help; config/commands.py goes there without Django."""

import argparse

from django.core.management.base import BaseCommand

from config.place import add_options
from config.start import start


class Command(BaseCommand):
    """Run the whole product on this machine."""

    help = "Run the whole product on this machine: database, web, worker and clock, until Ctrl-C."
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take what a start takes."""
        add_options(parser)

    def handle(self, *, host: str, port: int, fresh: bool, **_options: object) -> None:
        """Start, and stay."""
        start(argparse.Namespace(host=host, port=port, fresh=fresh))
