"""What was done about people who keep away."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from attendance.models import AbsenceNote
from attendance.states import Contacted, Outcome
from common.errors import RowMoved
from common.events import record
from programs.models import Attendance
from programs.states import AttendanceState


@transaction.atomic
def note_absence(
    seat: Attendance, *, contacted: str, outcome: str, by: User, at: datetime, remark: str = ""
) -> AbsenceNote:
    """Keep who was spoken to after this absence and what came of it; "try again" keeps the person to be called."""
    if contacted not in Contacted.values or outcome not in Outcome.values:
        raise ValidationError(_("Say whom you spoke to and what came of it."), code="outcome")
    held = Attendance.objects.select_for_update(no_key=True).get(pk=seat.pk)
    if held.state != AttendanceState.ABSENT:
        raise RowMoved(held)
    note = AbsenceNote(seat=held, contacted=contacted, outcome=outcome, remark=remark.strip(), at=at, by=by)
    note.clean_fields(exclude={"seat", "by"})
    note.save(force_insert=True)
    record(held.enrollment, verb="absence_noted", by=by, at=at, goal=outcome, seat=held.pk, contacted=contacted)
    return note
