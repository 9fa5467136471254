"""A session for the calendar of whoever gets an e-mail: the same entry as in the calendars people subscribe to."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import translation

from common.calendar import Entry, calendar_of
from programs.models import Session
from programs.states import SessionState
from reminders.topics import LANGUAGE
from reminders.wording.texts import place_of


def invite_of(sessions: Sequence[Session], *, language: str = LANGUAGE, at: datetime | None = None) -> bytes:
    """Write sessions (with module and venue) as one attachment; moved or called off, each keeps its identity.

    It was written `at`; without it at the session's own time, since what counts in calendars is the number of changes.
    """
    with translation.override(language):
        return calendar_of([_entry(session, at) for session in sessions], name="Desa Devisa")


def _entry(session: Session, at: datetime | None) -> Entry:
    cancelled = session.state == SessionState.CANCELLED
    return Entry(
        id=session.pk,
        title=session.title,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        zone=session.zone,
        place=place_of(session.venue),
        revision=session.revision,
        cancelled=cancelled,
        changed_at=at or session.starts_at,
        lines=(session.reason,) if cancelled and session.reason else (),
    )
