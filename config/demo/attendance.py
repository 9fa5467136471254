"""What the demo shows of attendance: two who keep away, and a mark that was corrected from the paper."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from accounts.models import User
from attendance.actions import Mark, correct_attendance, keep_acts
from attendance.content import ActContent
from attendance.states import ActKind
from programs.models import Cohort, Session
from programs.states import AttendanceSource, AttendanceState, SessionState

AWAY = 2  # people of Parengan who missed the last sessions


def tell_attendance(cohort: Cohort, *, by: User, at: datetime) -> None:
    """Let the last ones on the list stay away lately, and mend one mark that the paper shows otherwise."""
    past = Session.objects.filter(cohorts=cohort, starts_at__lt=at).order_by("-starts_at", "-pk")
    held = [*past.filter(state__in=(SessionState.HELD, SessionState.CLOSED))[:3]]
    away = [*cohort.enrollments.order_by("-person__name", "-pk").values_list("pk", flat=True)[:AWAY]]
    for place, session in enumerate(held):
        marks = [Mark(key, AttendanceState.ABSENT) for key in away[: AWAY - place // 2]]
        correct_attendance(session, marks=marks, reason="Tidak ada tanda tangan di daftar hadir", by=by, at=at)
    _mend(held[0], by=by, at=at)


def tell_phone(cohort: Cohort, *, mentor: User, at: datetime) -> None:
    """Let a mentor's phone come back from the village: one sheet was closed meanwhile, and an earlier tap lost."""
    past = Session.objects.filter(cohorts=cohort, starts_at__lt=at).order_by("-starts_at", "-pk")
    closed = past.filter(state=SessionState.CLOSED).first()
    if closed is None:
        return
    seats = [*closed.seats.order_by("number", "pk")[:2]]
    told = [(seats[0], AttendanceState.LATE, 55), *((seat, AttendanceState.ABSENT, 20) for seat in seats)]
    acts = [
        ActContent(
            id=uuid5(NAMESPACE_URL, f"demo/{closed.pk}/{place}"),
            kind=ActKind.MARK,
            session=closed.pk,
            made_at=closed.starts_at + timedelta(minutes=minutes),
            enrollment=seat.enrollment_id,
            state=state,
        )
        for place, (seat, state, minutes) in enumerate(told)
    ]
    keep_acts(acts, by=mentor, at=at, sent_at=at)


def _mend(session: Session, *, by: User, at: datetime) -> None:
    """Correct one absence: the signature is on the paper."""
    seat = session.seats.filter(state=AttendanceState.ABSENT).order_by("number").first()
    if seat is not None:
        marks = [Mark(seat.enrollment_id, AttendanceState.LATE, minutes=60)]
        why, paper = "Tanda tangan ada di lembar 2", AttendanceSource.PAPER
        correct_attendance(session, marks=marks, reason=why, source=paper, by=by, at=at)
