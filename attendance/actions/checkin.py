"""People who say by themselves that they are here, with the code that is shown in the room."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Max
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from accounts.models import User
from attendance.actions.marking import Hand, write_marks
from attendance.door import GRACE, code_of, open_door, runs
from attendance.models import CheckIn, CheckInTries
from common.errors import Refused
from common.events import record
from programs.models import Attendance, Session
from programs.states import AttendanceSource, AttendanceState
from villages.models import ContactPoint

TRIES: Final = 5
REST: Final = timedelta(minutes=15)


@transaction.atomic
def open_check_in(session: Session, *, by: User, at: datetime) -> CheckIn:
    """Show a new code; the one before it, if any, stops counting."""
    held = _hold(session)
    if not runs(held, at=at):
        raise Refused(_("The code is shown from half an hour before the session until it ends."))
    held.check_ins.filter(closed_at__isnull=True).update(closed_at=at)
    last = held.check_ins.aggregate(last=Max("number"))["last"] or 0
    opening = CheckIn.objects.create(session=held, number=last + 1, opened_at=at, opened_by=by)
    record(session, verb="check_in_opened", by=by, at=at, number=opening.number)
    return opening


@transaction.atomic
def close_check_in(session: Session, *, by: User, at: datetime) -> None:
    """Let no code count any more; closing twice is closing once."""
    if _hold(session).check_ins.filter(closed_at__isnull=True).update(closed_at=at):
        record(session, verb="check_in_closed", by=by, at=at)


def check_in(seat: Attendance, *, code: str, through: ContactPoint, at: datetime) -> None:
    """Mark somebody as here by the code of the room; every try counts before it is looked at, right or wrong."""
    with transaction.atomic():
        _take_try(through, at=at)
    with transaction.atomic():
        _arrive(seat, code=code, at=at)
        CheckInTries.objects.filter(pk=through.pk).update(tries=0)


def _take_try(through: ContactPoint, *, at: datetime) -> None:
    """Use up one of the few tries of a link; the database counts, so that many hands at once have no more."""
    CheckInTries.objects.get_or_create(contact_point=through, defaults={"since": at})
    mine = CheckInTries.objects.filter(pk=through.pk)
    if mine.filter(since__lte=at - REST).update(tries=1, since=at):
        return
    if not mine.filter(tries__lt=TRIES).update(tries=F("tries") + 1, since=at):
        raise Refused(_("Too many wrong codes. Try again in 15 minutes, or tell the trainer that you are here."))


def _arrive(seat: Attendance, *, code: str, at: datetime) -> None:
    session = _hold(seat.session)
    opening = open_door(session) if runs(session, at=at) else None
    if opening is None:
        raise Refused(_("No code counts for this session now. Tell the trainer that you are here."))
    if not constant_time_compare(code_of(opening), "".join(code.split())):
        raise Refused(_("This is not the code in the room. Look again."))
    found = Attendance.objects.get(pk=seat.pk)
    if found.state != AttendanceState.EXPECTED:
        return  # whatever stands there stands
    late = at > session.starts_at + GRACE
    state = AttendanceState.LATE if late else AttendanceState.PRESENT
    minutes = int((session.ends_at - at).total_seconds() // 60) if late else session.minutes
    write_marks([(found, (state, minutes, ""))], Hand(None, at, AttendanceSource.SELF))
    record(found, verb="checked_in", by=None, at=at, goal=state, opening=opening.number)


def _hold(session: Session) -> Session:
    return Session.objects.select_for_update(no_key=True).get(pk=session.pk)
