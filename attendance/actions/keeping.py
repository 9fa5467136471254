"""How a session ends: held, and its sheet closed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from attendance.actions.marking import mark_absent
from common.errors import Refused
from common.events import record
from programs.models import Session
from programs.states import CAME, AttendanceState, SessionState


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
