"""Deciding on what a phone said too late: taken as a correction, or not, and why."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from attendance.actions.marking import Hand, Mark, correct_attendance, mark_attendance
from attendance.actions.unasked import same_person, seat_walk_in
from attendance.models import Act
from attendance.states import ActOutcome
from common.errors import RowMoved
from common.events import record
from common.models import Event
from programs.actions.enrollment import ERASED
from programs.models import Attendance, Cohort, Session
from programs.states import DELIVERED, AttendanceSource
from villages.models import Person


@transaction.atomic
def take_act(act: Act, *, reason: str, by: User, at: datetime) -> None:
    """Write on the sheet what the phone said, with a reason; the door of corrections decides whether it can."""
    held = _hold(act, reason)
    if held.seat is not None:
        _correct(held, held.seat, by=by, at=at)
    else:
        corrects = held.session.state in DELIVERED
        hand = Hand(by, at, AttendanceSource.PHONE, held.reason if corrects else "")
        person = held.person or (same_person(held.session, held.cohort, held) if held.cohort else None)
        seat_walk_in(held, person, hand, at=at)
    _settle(held, ActOutcome.TAKEN, by=by, at=at)


@transaction.atomic
def dismiss_act(act: Act, *, reason: str, by: User, at: datetime) -> None:
    """Leave the sheet as it is, and say why; what the phone said stays in the history."""
    held = _hold(act, reason)
    _settle(held, ActOutcome.DISMISSED, by=by, at=at)
    record(held.session, verb="mark_dismissed", by=by, at=at, act=str(held.pk), reason=held.reason)


def forget_names(person: Person, _event: Event) -> None:
    """Take out the name that a phone wrote of somebody who asks to be forgotten; that they came still counts."""
    Act.objects.filter(seat__enrollment__person=person).exclude(name="").update(name=ERASED)


def _hold(act: Act, reason: str) -> Act:
    """Hold cohort, session and act in the order in which phones do, and read the act as it stands."""
    if not reason.strip():
        raise ValidationError(_("Say why."), code="reason")
    if act.cohort_id:
        Cohort.objects.select_for_update(no_key=True).get(pk=act.cohort_id)
    session = Session.objects.select_for_update(no_key=True).get(pk=act.session_id)
    held = Act.objects.select_for_update(no_key=True).get(pk=act.pk)
    if held.outcome != ActOutcome.WAITING:
        raise RowMoved(held)
    held.session, held.reason = session, reason.strip()
    held.clean_fields(exclude={column.name for column in Act._meta.fields} - {"reason"})
    return held


def _correct(act: Act, seat: Attendance, *, by: User, at: datetime) -> None:
    marks = [Mark(seat.enrollment_id, act.state, act.minutes, act.excuse)]
    write = correct_attendance if act.session.state in DELIVERED else mark_attendance
    write(act.session, marks=marks, source=AttendanceSource.PHONE, reason=act.reason, by=by, at=at)
    act.mark = seat.marks.filter(version__gt=seat.version).first()


def _settle(act: Act, outcome: ActOutcome, *, by: User, at: datetime) -> None:
    act.outcome, act.settled_at, act.settled_by = outcome, at, by
    act.save(update_fields=["outcome", "reason", "settled_at", "settled_by", "mark", "seat"])
