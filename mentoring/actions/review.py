"""From the mentor's hands into the record, or back."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import RowMoved
from common.events import record
from mentoring.actions.followed import apply_followed
from mentoring.actions.plan import fulfil_plan
from mentoring.models import Visit
from mentoring.states import VisitState


@transaction.atomic
def submit_visit(visit: Visit, *, by: User, at: datetime) -> None:
    """Hand a draft or a returned visit to the coordinator."""
    if not (visit.summary.strip() or visit.modules.exists() or visit.attendees.exists()):
        raise ValidationError(_("Say what was done and who was there before you hand it in."), code="empty")
    origin = visit.state
    Visit.objects.move(visit, VisitState.SUBMITTED, submitted_at=at)
    record(visit, verb="submitted", by=by, at=at, origin=origin, goal=visit.state, version=visit.version)
    fulfil_plan(visit, by=by, at=at)
    apply_followed(visit, by=by, at=at)


@transaction.atomic
def approve_visit(visit: Visit, *, by: User, at: datetime, version: int | None = None) -> None:
    """Take the visit into the record; from now on it counts as progress. `version` is the one that was read."""
    _check_version(visit, version)
    Visit.objects.move(visit, VisitState.APPROVED, approved_at=at, approved_by=by)
    record(visit, verb="approved", by=by, at=at, origin=VisitState.SUBMITTED, goal=visit.state, version=visit.version)


@transaction.atomic
def return_visit(visit: Visit, *, comment: str, by: User, at: datetime, version: int | None = None) -> None:
    """Give the visit back with a comment; it is a new version, so late repeats of the old one change nothing."""
    if not comment.strip():
        raise ValidationError({"comment": _("Say what the mentor should change.")}, code="comment")
    _check_version(visit, version)
    Visit.objects.move(visit, VisitState.RETURNED, comment=comment.strip(), version=F("version") + 1)
    record(visit, verb="returned", by=by, at=at, origin=VisitState.SUBMITTED, goal=visit.state, version=visit.version)


def _check_version(visit: Visit, version: int | None) -> None:
    if version is not None and version != visit.version:
        raise RowMoved(visit)
