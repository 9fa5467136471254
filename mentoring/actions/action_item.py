"""What becomes of what was agreed."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.events import record
from mentoring.models import ActionItem, Visit
from mentoring.states import ActionState


@transaction.atomic
def finish_action(item: ActionItem, *, by: User, at: datetime, evidence: str = "", visit: Visit | None = None) -> None:
    """Say that it is done and what shows it; `by` has verified it."""
    _settle(item, ActionState.DONE, by=by, at=at, evidence=evidence.strip(), settled_in=visit)
    record(item, verb="finished", by=by, at=at, origin=ActionState.OPEN, goal=item.state)


@transaction.atomic
def drop_action(item: ActionItem, *, reason: str, by: User, at: datetime, visit: Visit | None = None) -> None:
    """Give it up, and say why."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it is dropped.")}, code="reason")
    _settle(item, ActionState.DROPPED, by=by, at=at, reason=reason.strip(), settled_in=visit)
    record(item, verb="dropped", by=by, at=at, origin=ActionState.OPEN, goal=item.state)


@transaction.atomic
def carry_over_action(
    item: ActionItem, *, due_on: date | None, by: User, at: datetime, visit: Visit | None = None
) -> ActionItem:
    """Close it as carried over and agree on the same again, with a new day, at `visit` (else where it was agreed)."""
    _settle(item, ActionState.CARRIED_OVER, by=by, at=at, settled_in=visit)
    again = ActionItem.objects.create(
        pk=item.successor_key,
        village_id=item.village_id,
        visit=visit or item.visit,
        what=item.what,
        owner=item.owner,
        due_on=due_on,
    )
    record(item, verb="carried_over", by=by, at=at, origin=ActionState.OPEN, goal=item.state, into=str(again.pk))
    return again


def _settle(item: ActionItem, goal: ActionState, *, by: User, at: datetime, **columns: object) -> None:
    ActionItem.objects.move(item, goal, settled_at=at, settled_by=by, **columns)
