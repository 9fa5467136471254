"""Filling in the sheet, and what people answer before."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import Refused
from common.events import record
from programs.actions.cohort import enroll, refuse_stranger
from programs.models import Attendance, Booking, Cohort, Enrollment, Session
from programs.states import (
    ATTENDANCE_MOVES,
    CAME,
    SEATED,
    AttendanceSource,
    AttendanceState,
    EnrollmentState,
    Excuse,
    Rsvp,
    SessionState,
)
from villages.models import Person

OPEN = (SessionState.SCHEDULED, SessionState.HELD)
COLUMNS = ("state", "minutes", "excuse", "source", "marked_at", "marked_by")


@dataclass(frozen=True)
class Mark:
    """What the sheet says about one participant; without minutes, who came stayed to the end."""

    enrollment_id: int
    state: str
    minutes: int | None = None
    excuse: str = ""


@transaction.atomic
def mark_attendance(
    session: Session, *, marks: Sequence[Mark], by: User, at: datetime, source: str = AttendanceSource.TRAINER
) -> None:
    """Write these marks; a mark that says what is already written changes nothing."""
    held = _open_sheet(session, at=at)
    if source not in AttendanceSource.values:
        raise ValidationError(_("This source is not known."), code="source")
    seats = {
        seat.enrollment_id: seat for seat in held.seats.filter(enrollment__in=[mark.enrollment_id for mark in marks])
    }
    pairs = [(_seat(seats, mark), mark) for mark in marks]
    changed = [seat for seat, mark in pairs if _write(seat, mark, held, by=by, at=at, source=source)]
    if not changed:
        return
    Attendance.objects.bulk_update(changed, COLUMNS)
    _activate(seat.enrollment_id for seat in changed if seat.state in CAME)
    counts = Counter(str(seat.state) for seat in changed)
    record(session, verb="attendance_marked", by=by, at=at, source=source, counts=dict(counts))


@transaction.atomic
def add_walk_in(session: Session, *, cohort: Cohort, person: Person, by: User, at: datetime) -> Attendance:
    """Seat someone who came unasked, and enroll them when they were not; they count as present."""
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)  # before the session, as everyone else does
    held = _open_sheet(session, at=at)
    if not Booking.objects.filter(session=session, cohort=cohort).exists():
        raise ValidationError(_("This cohort does not take part in the session."), code="cohort")
    refuse_stranger(cohort, person)
    enrollment = Enrollment.objects.filter(cohort=cohort, person=person).first()
    if enrollment is None:
        enrollment = enroll(cohort, person=person, by=by, at=at)
    elif enrollment.state not in SEATED:
        raise Refused(_("This person is in the cohort as “%(state)s”.") % {"state": enrollment.get_state_display()})
    if held.seats.filter(enrollment=enrollment).exists():
        raise Refused(_("This person already has a seat in this session."))
    seat = Attendance.objects.create(
        session=session,
        enrollment=enrollment,
        state=AttendanceState.PRESENT,
        minutes=held.minutes,
        source=AttendanceSource.TRAINER,
        marked_at=at,
        marked_by=by,
    )
    seat.refresh_from_db(fields=["number"])
    _activate([enrollment.pk])
    record(session, verb="walk_in_added", by=by, at=at, enrollment=enrollment.pk)
    return seat


@transaction.atomic
def answer_session(seat: Attendance, *, rsvp: str, at: datetime) -> None:
    """Keep what a participant answered; the same answer twice is one answer."""
    session = Session.objects.select_for_update(no_key=True).get(pk=seat.session_id)
    if rsvp not in (Rsvp.YES, Rsvp.NO):
        raise ValidationError(_("Answer that you will come or that you cannot."), code="rsvp")
    if session.state != SessionState.SCHEDULED or at >= session.starts_at:
        raise Refused(_("This session can no longer be answered."))
    if not Attendance.objects.filter(pk=seat.pk).exclude(rsvp=rsvp).update(rsvp=rsvp, rsvp_at=at):
        return
    before = seat.rsvp
    seat.refresh_from_db(fields=["rsvp", "rsvp_at"])
    record(seat, verb="answered", by=None, at=at, origin=before, goal=rsvp)


def mark_absent(session: Session, *, by: User, at: datetime) -> int:
    """Mark who has no mark as absent; tell how many."""
    unmarked = session.seats.filter(state=AttendanceState.EXPECTED)
    return unmarked.update(state=AttendanceState.ABSENT, source=AttendanceSource.TRAINER, marked_at=at, marked_by=by)


def _open_sheet(session: Session, *, at: datetime) -> Session:
    """Hold the session while its sheet is written; only one that has begun and is not closed has an open sheet."""
    held = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
    if held.state not in OPEN:
        raise Refused(
            _("The sheet of a session that is “%(state)s” is not open.") % {"state": held.get_state_display()}
        )
    if at < held.starts_at:
        raise Refused(_("This session has not begun yet."))
    return held


def _seat(seats: dict[int, Attendance], mark: Mark) -> Attendance:
    if mark.enrollment_id not in seats:
        raise ValidationError(_("One of these people has no seat in this session."), code="enrollment")
    return seats[mark.enrollment_id]


def _write(seat: Attendance, mark: Mark, session: Session, *, by: User, at: datetime, source: str) -> bool:
    """Put a mark on a seat; tell whether that changed anything."""
    minutes, excuse = _minutes(mark, session), _excuse(mark)
    if (seat.state, seat.minutes, seat.excuse) == (mark.state, minutes, excuse):
        return False
    if seat.state != mark.state:
        ATTENDANCE_MOVES.check(seat.state, mark.state)
    seat.state, seat.minutes, seat.excuse, seat.source = mark.state, minutes, excuse, source
    seat.marked_at, seat.marked_by = at, by
    return True


def _minutes(mark: Mark, session: Session) -> int:
    if mark.state not in AttendanceState.values:
        raise ValidationError(_("This mark is not known."), code="state")
    if mark.state not in CAME:
        if mark.minutes:
            raise ValidationError(_("Only who came has minutes."), code="minutes")
        return 0
    minutes = session.minutes if mark.minutes is None else mark.minutes
    if not 0 <= minutes <= session.minutes:
        raise ValidationError(_("Nobody attends longer than the session lasted."), code="minutes")
    return minutes


def _excuse(mark: Mark) -> str:
    if mark.excuse and mark.state != AttendanceState.EXCUSED:
        raise ValidationError(_("Only who was excused has an excuse."), code="excuse")
    if mark.excuse not in Excuse.values:
        raise ValidationError(_("This excuse is not known."), code="excuse")
    return mark.excuse


def _activate(enrollments: Iterable[int]) -> None:
    """Who came for the first time is an active participant from now on."""
    came = Enrollment.objects.filter(pk__in=list(enrollments), state=EnrollmentState.ACCEPTED)
    came.update(state=EnrollmentState.ACTIVE)
