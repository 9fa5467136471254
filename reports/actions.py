"""Freezing a report: from then on it stays what it was on that day."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import Refused
from common.events import record
from reports.models import RegionReport
from reports.regional import Editions, Subject, digest, reckon


@transaction.atomic
def freeze_report(subject: Subject, *, editions: Editions, by: User, at: datetime) -> RegionReport:
    """Count the month once more and keep it under the next number; an earlier one stays as it is."""
    if not subject.begun(at):
        raise Refused(_("This month has not begun yet."))
    hold(subject)
    facts = reckon(subject, editions, at=at)
    report = RegionReport.objects.create(
        region=subject.region,
        program=subject.program,
        month=subject.month,
        sequence=last_of(subject) + 1,
        facts=facts,
        sha256=digest(facts),
        code_edition=editions.code,
        region_edition=editions.regions,
        frozen_at=at,
        frozen_by=by,
    )
    record(report, verb="frozen", by=by, at=at, sequence=report.sequence, sha256=report.sha256)
    return report


def hold(subject: Subject) -> None:
    """Let one hand at a time freeze this subject, until the transaction ends."""
    region = subject.region.pk if subject.region else ""
    program = subject.program.pk if subject.program else ""
    with connection.cursor() as cursor:
        key = f"report {region} {program} {subject.month:%Y-%m}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def last_of(subject: Subject) -> int:
    """Tell the number of the latest frozen one of this subject; 0 when there is none."""
    return RegionReport.objects.of(subject).aggregate(last=Max("sequence"))["last"] or 0
