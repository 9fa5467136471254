"""The report of a month that Sari handed on: frozen, while work and corrections went on."""

from datetime import datetime

from django.conf import settings

from accounts.models import User
from common.dates import local_date
from config.demo.story import Story
from programs.models import Program
from reports.actions import freeze_report
from reports.regional import Editions, Subject
from villages.models import Region
from villages.regions import edition_in_force

LAMONGAN = "35.24"
DAYS_AGO = 12


def tell_reports(story: Story, program: Program, *, by: User) -> None:
    """Freeze the month that was running twelve days ago, as far as it had come."""

    def freeze(at: datetime) -> None:
        region = Region.objects.get(code=LAMONGAN)
        month = local_date(at, region.zone).replace(day=1)
        editions = Editions(settings.EDITION, edition_in_force(at))
        freeze_report(Subject(region, program, month), editions=editions, by=by, at=at)

    story.then(story.moment(-DAYS_AGO, "16:00"), freeze)
