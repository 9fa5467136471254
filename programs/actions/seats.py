"""Seats: every participant of a session's cohorts has one, answers for it, and loses it when they leave before."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from common.errors import Refused
from common.events import record
from programs.actions.answering import LONGEST_REASON
from programs.models import Attendance, Booking, Cohort, Enrollment, Session
from programs.states import AttendanceState, Rsvp, SessionState


def seat_everyone(session: Session, cohorts: Sequence[Cohort]) -> int:
    """Seat who takes part in these cohorts, in the order of their names; tell how many seats the session has."""
    enrolled = Enrollment.objects.seated().filter(cohort__in=cohorts).order_by("person__name", "pk")
    seats = [Attendance(session=session, enrollment_id=pk) for pk in enrolled.values_list("pk", flat=True)]
    return len(Attendance.objects.bulk_create(seats, ignore_conflicts=True))


def seat_ahead(enrollment: Enrollment, *, at: datetime) -> int:
    """Seat one participant in what their cohort has ahead; tell in how many sessions."""
    ahead = Booking.objects.filter(
        cohort=enrollment.cohort_id, session__state=SessionState.SCHEDULED, session__starts_at__gt=at
    ).order_by("session_id")
    seats = [Attendance(session_id=pk, enrollment=enrollment) for pk in ahead.values_list("session_id", flat=True)]
    return len(Attendance.objects.bulk_create(seats, ignore_conflicts=True))


def unseat_ahead(enrollment: Enrollment, *, at: datetime) -> int:
    """Free the seats that one participant has ahead and that were never marked; tell how many."""
    ahead = enrollment.seats.filter(state=AttendanceState.EXPECTED, version=0, session__starts_at__gt=at)
    scheduled = ahead.filter(session__state=SessionState.SCHEDULED)
    freed, _kinds = Attendance.objects.filter(pk__in=scheduled.values("pk")).delete()
    return freed


@transaction.atomic
def answer_session(seat: Attendance, *, rsvp: str, at: datetime, reason: str = "") -> None:
    """Keep what a participant answered, and why not; the same answer twice is one answer."""
    session = Session.objects.select_for_update(no_key=True).get(pk=seat.session_id)
    if rsvp not in (Rsvp.YES, Rsvp.NO):
        raise ValidationError(_("Answer that you will come or that you cannot."), code="rsvp")
    if session.state != SessionState.SCHEDULED or at >= session.starts_at:
        raise Refused(_("This session can no longer be answered."))
    why = reason[:LONGEST_REASON] if rsvp == Rsvp.NO else ""
    same = Q(rsvp=rsvp) & (Q(rsvp_reason=why) if why else Q())
    if not Attendance.objects.filter(~same, pk=seat.pk).update(rsvp=rsvp, rsvp_at=at, rsvp_reason=why):
        return
    before = seat.rsvp
    seat.refresh_from_db(fields=["rsvp", "rsvp_at", "rsvp_reason"])
    record(seat, verb="answered", by=None, at=at, origin=before, goal=rsvp)
