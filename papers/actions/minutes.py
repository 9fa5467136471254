"""Writing the minutes of a session, and closing them under their number."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import Refused, RowMoved
from common.events import record
from papers.actions.letter import number_paper
from papers.models import Minutes
from papers.states import MinutesState, PaperKind
from programs.models import Session
from programs.states import DELIVERED, SessionState
from progress.measures import count_sheet

WORDS = ("results", "obstacles", "follow_up", "witness", "witness_position")


@transaction.atomic
def write_minutes(session: Session, *, by: User, at: datetime, version: int | None = None, **words: str) -> Minutes:
    """Write the minutes of a session that took place; `version` is the one that was on the screen, 0 for none."""
    held = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
    if held.state not in DELIVERED:
        raise Refused(_("Minutes are written once the session was held."))
    kept = Minutes.objects.filter(session=held).first()
    if kept is not None and kept.state != MinutesState.OPEN:
        raise Refused(_("These minutes are closed; they no longer change."))
    if version is not None and version != (kept.version if kept else 0):
        raise RowMoved(kept or held)
    if kept is not None and all(getattr(kept, name) == value for name, value in words.items()):
        return kept
    return _write(kept or Minutes(session=held, version=0), words, by=by, at=at)


def _write(minutes: Minutes, words: dict[str, str], *, by: User, at: datetime) -> Minutes:
    verb = "changed" if minutes.pk else "written"
    for name, value in words.items():
        setattr(minutes, name, value)
    minutes.version, minutes.written_at, minutes.written_by = minutes.version + 1, at, by
    minutes.clean_fields(exclude={"session", "written_by", "closed_by"})
    minutes.save()
    record(minutes, verb=verb, by=by, at=at, session=minutes.session_id, version=minutes.version)
    return minutes


@transaction.atomic
def close_minutes(minutes: Minutes, *, by: User, at: datetime) -> None:
    """Close the minutes under a number; the figures of the closed sheet are kept with them."""
    session = Session.objects.select_for_update(no_key=True).get(pk=minutes.session_id)
    if session.state != SessionState.CLOSED:
        raise Refused(_("Close the attendance sheet first, so that the figures stay as they are."))
    figures = count_sheet(session.pk)._asdict()  # noqa: SLF001  a named tuple's own name for it
    Minutes.objects.move(minutes, MinutesState.CLOSED, closed_at=at, closed_by=by, figures=figures)
    letter = number_paper(session, kind=PaperKind.MINUTES, by=by, at=at)
    origin, goal = MinutesState.OPEN, MinutesState.CLOSED
    record(minutes, verb="closed", by=by, at=at, origin=origin, goal=goal, session=session.pk, letter=letter.pk)
