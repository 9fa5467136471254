"""manage.py load_holidays [YEAR ...]: the published holidays, joint leave and Ramadan of a year."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from almanac.actions import load_holidays
from common.dates import local_date
from common.zones import Zone


class Command(BaseCommand):
    """Lay the published calendar of this year and the next, or of the years named; twice changes nothing."""

    help = "Load national holidays, joint leave and Ramadan of the years named; without any, of this year and the next."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take years."""
        parser.add_argument("years", metavar="YEAR", nargs="*", type=int)

    def handle(self, *, years: list[int], **_options: object) -> None:
        """Load each year, and say what it did."""
        at = now()
        today = local_date(at, Zone.WIB)
        for year in years or (today.year, today.year + 1):
            try:
                done = load_holidays(year, by=None, at=at)
            except ValidationError as error:
                raise CommandError(error.messages[0]) from error
            self.stdout.write(f"{year}: added {done.added}, moved {done.moved}, kept {done.kept}")
