"""Monthly reports that were frozen."""

from datetime import date, datetime

from accounts.models import User
from programs.models import Program
from reports.actions import freeze_report
from reports.models import RegionReport
from reports.regional import Editions, Subject
from tests.factories.base import NOW, lay_region
from tests.factories.people import UserFactory
from villages.models import Region

EDITIONS = Editions("0.1.0+0123456789ab", "Kepmendagri 300.2.2-2138 Tahun 2025")
SEPTEMBER = date(2026, 9, 1)


def frozen(
    program: Program | None = None,
    *,
    region: Region | None = None,
    month: date = SEPTEMBER,
    by: User | None = None,
    at: datetime = NOW,
) -> RegionReport:
    """Freeze one month of Lamongan, September unless told otherwise."""
    subject = Subject(region or lay_region("35.24"), program, month)
    return freeze_report(subject, editions=EDITIONS, by=by or UserFactory.create(), at=at)
