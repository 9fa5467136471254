"""The code by which people say that they are here: shown in the room, valid while the session runs."""

from datetime import datetime, timedelta
from typing import Final

from django.utils.crypto import salted_hmac

from attendance.models import CheckIn
from programs.models import Session
from programs.states import SessionState

EARLY: Final = timedelta(minutes=30)  # before the session begins; the database allows no more
GRACE: Final = timedelta(minutes=15)  # after it began, who comes is still in time
DIGITS: Final = 6


def runs(session: Session, *, at: datetime) -> bool:
    """Tell whether people may check in: from half an hour before the session begins until it ends."""
    return session.state == SessionState.SCHEDULED and session.starts_at - EARLY <= at < session.ends_at


def code_of(opening: CheckIn) -> str:
    """Count the code of one opening; it is never stored, and the next opening has another."""
    signed = salted_hmac("attendance.door", f"{opening.session_id}.{opening.number}", algorithm="sha256")
    return f"{int(signed.hexdigest(), 16) % 10**DIGITS:0{DIGITS}}"


def open_door(session: Session) -> CheckIn | None:
    """Read the opening whose code counts now; 1 query."""
    return session.check_ins.filter(closed_at__isnull=True).first()
