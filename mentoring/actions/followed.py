"""What a submitted visit says of earlier action items, applied once; what it cannot settle is left and noted."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from common.events import record
from common.models import Event
from mentoring.actions.action_item import carry_over_action, drop_action, finish_action
from mentoring.content import Followed
from mentoring.models import ActionItem, FollowUp, Visit
from mentoring.states import SETTLED, ActionState, VisitState

NOTED = "not_followed"


def write_followed(visit: Visit, followed: tuple[Followed, ...]) -> None:
    """Keep what a visit says of earlier items, instead of what it said before."""
    rows = [
        FollowUp(visit=visit, item=said.id, outcome=said.outcome, words=said.words.strip(), due_on=said.due_on)
        for said in followed
    ]
    if len({row.item for row in rows}) < len(rows) or any(row.outcome not in SETTLED for row in rows):
        raise ValidationError({"followed": _("Say one thing of each earlier action item.")}, code="followed")
    for row in rows:
        try:
            row.clean_fields(exclude={"visit"})
        except ValidationError as error:
            raise ValidationError({"followed": error.messages}) from error
    visit.followed.all().delete()
    FollowUp.objects.bulk_create(rows)


def apply_followed(visit: Visit, *, by: User, at: datetime) -> None:
    """Settle the open items that the visit speaks of; what another hand settled, or nobody knows, is left alone.

    Submitting again settles nothing twice.
    """
    said = {row.item: row for row in visit.followed.all()}
    if not said:
        return
    _check_reasons(said.values())
    found = ActionItem.objects.filter(pk__in=said, village=visit.village_id)
    known = found.filter(~Q(visit__state=VisitState.DRAFT) | Q(visit__mentor=visit.mentor_id))
    items = {item.pk: item for item in known.select_for_update(of=("self",)).order_by("pk")}
    for key, item in items.items():
        if item.state == ActionState.OPEN:
            _settle(item, said[key], visit, by=by, at=at)
    _note({key for key, row in said.items() if key not in items or not _stands(items[key], row)}, visit, by=by, at=at)


def _check_reasons(rows: Iterable[FollowUp]) -> None:
    if any(row.outcome == ActionState.DROPPED and not row.words for row in rows):
        raise ValidationError({"followed": _("Say why it is dropped.")}, code="reason")


def _settle(item: ActionItem, said: FollowUp, visit: Visit, *, by: User, at: datetime) -> None:
    match said.outcome:
        case ActionState.DONE:
            finish_action(item, evidence=said.words, visit=visit, by=by, at=at)
        case ActionState.DROPPED:
            drop_action(item, reason=said.words, visit=visit, by=by, at=at)
        case _:
            carry_over_action(item, due_on=said.due_on, visit=visit, by=by, at=at)


def _stands(item: ActionItem, said: FollowUp) -> bool:
    """Tell whether an item is settled as this visit says, by this visit."""
    return (item.settled_in_id, item.state) == (said.visit_id, said.outcome)


def _note(left: set[UUID], visit: Visit, *, by: User, at: datetime) -> None:
    """Write down, once for each, which items were left as they are."""
    if not left:
        return
    events = Event.objects.about(visit).filter(verb=NOTED)
    noted = {key for facts in events.values_list("facts", flat=True) for key in facts["items"]}
    if new := sorted({str(key) for key in left} - noted):
        record(visit, verb=NOTED, by=by, at=at, items=new)
