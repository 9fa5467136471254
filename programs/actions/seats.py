"""Seats: every participant of a session's cohorts has one, and loses it when they leave before it begins."""

from collections.abc import Sequence
from datetime import datetime

from programs.models import Attendance, Booking, Cohort, Enrollment, Session
from programs.states import AttendanceState, SessionState


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
    """Free the seats that one participant has ahead; tell how many."""
    ahead = enrollment.seats.filter(state=AttendanceState.EXPECTED, session__starts_at__gt=at)
    scheduled = ahead.filter(session__state=SessionState.SCHEDULED)
    freed, _kinds = Attendance.objects.filter(pk__in=scheduled.values("pk")).delete()
    return freed
