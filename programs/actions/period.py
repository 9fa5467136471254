"""Closing the books of a program through a day, and opening them again."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.dates import local_date, written_date
from common.events import record
from common.zones import Zone
from programs.models import Program


@transaction.atomic
def close_period(program: Program, *, through: date, by: User, at: datetime) -> None:
    """Close the program through that day: what comes later about it is reviewed. Closing the same changes nothing."""
    was = Program.objects.select_for_update().get(pk=program.pk).closed_through
    if through == was:
        return
    if through >= local_date(at, Zone.WIB):
        raise ValidationError({"through": _("Only days that are over are closed.")}, code="future")
    if through < program.starts_on:
        raise ValidationError({"through": _("A program is closed through a day after it starts.")}, code="early")
    if was is not None and through < was:
        sentence = _("It is closed through %(day)s already. Open it again first.") % {"day": written_date(was)}
        raise ValidationError({"through": sentence}, code="earlier")
    _write(program, through)
    record(program, verb="period_closed", by=by, at=at, through=through.isoformat(), was=was and was.isoformat())


@transaction.atomic
def reopen_period(program: Program, *, by: User, at: datetime) -> None:
    """Open the program's past again; when nothing is closed, nothing changes."""
    was = Program.objects.select_for_update().get(pk=program.pk).closed_through
    if was is None:
        return
    _write(program, None)
    record(program, verb="period_reopened", by=by, at=at, was=was.isoformat())


def _write(program: Program, through: date | None) -> None:
    program.closed_through = through
    program.save(update_fields=["closed_through"])
