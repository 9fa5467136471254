"""How a scheduled session ends: cancelled, or held and closed."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import Refused, RowMoved
from common.events import record
from programs.actions.attendance import mark_absent
from programs.actions.session import refuse_marked
from programs.models import Session
from programs.states import CAME, AttendanceState, SessionState


@transaction.atomic
def cancel_session(session: Session, *, reason: str, by: User, at: datetime) -> None:
    """Call a session off and free what it took; the revision that the caller saw must still be the current one."""
    why = reason.strip()
    if not why:
        raise ValidationError(_("Say why the session is cancelled."), code="reason")
    session.reason = why
    session.clean_fields(exclude={"program", "module", "venue"})
    seen = session.revision
    Session.objects.move(session, SessionState.CANCELLED, reason=why)
    session.refresh_from_db(fields=["revision", "starts_at", "ends_at", "venue"])
    if session.revision != seen:
        raise RowMoved(session)
    refuse_marked(session, before=session.starts_at)
    session.bookings.update(live=False)
    origin, goal = SessionState.SCHEDULED, SessionState.CANCELLED
    record(session, verb="cancelled", by=by, at=at, origin=origin, goal=goal, revision=session.revision, reason=why)


@transaction.atomic
def hold_session(session: Session, *, by: User, at: datetime, nobody_came: bool = False) -> None:
    """Say that a session took place: its sheet is filled in, or nobody came and that is said."""
    Session.objects.move(session, SessionState.HELD, nobody_came=nobody_came)
    session.refresh_from_db(fields=["starts_at", "ends_at"])  # another hand may have moved it meanwhile
    if at < session.starts_at:
        raise Refused(_("This session has not begun yet."))
    marked = session.seats.exclude(state=AttendanceState.EXPECTED)
    if nobody_came and marked.filter(state__in=CAME).exists():
        raise Refused(_("The sheet has people who came. Change their marks first."))
    if not nobody_came and not marked.exists():
        raise Refused(_("Mark attendance first, or say that nobody came."))
    absent = mark_absent(session, by=by, at=at) if nobody_came else 0
    origin, goal = SessionState.SCHEDULED, SessionState.HELD
    record(session, verb="held", by=by, at=at, origin=origin, goal=goal, nobody_came=nobody_came, absent=absent)


@transaction.atomic
def close_session(session: Session, *, by: User, at: datetime) -> None:
    """End the marking; who has no mark by now was absent, and from here on marks are only corrected."""
    Session.objects.move(session, SessionState.CLOSED)
    absent = mark_absent(session, by=by, at=at)
    record(session, verb="closed", by=by, at=at, origin=SessionState.HELD, goal=SessionState.CLOSED, absent=absent)
