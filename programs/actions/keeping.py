"""How a plan ends: a draft discarded, or a promise cancelled."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import RowMoved
from common.events import record
from programs.actions.session import refuse_marked, refuse_promised, times_of
from programs.models import Session
from programs.states import SessionState


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
def discard_session(session: Session, *, by: User, at: datetime) -> None:
    """Throw away a draft that nobody was told of and free what it took; only the event stays."""
    refuse_promised(session)
    taken = session.bookings.order_by("pk").values_list("trainer_id", "cohort_id")
    facts: dict[str, Any] = {"program": session.program_id, "module": session.module_id, **times_of(session)}
    facts |= {"trainers": [one for one, _no in taken if one], "cohorts": [one for _no, one in taken if one]}
    record(session, verb="discarded", by=by, at=at, origin=SessionState.DRAFT, **facts)
    session.delete()
