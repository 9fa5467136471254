"""Keeping what was sent beside the record until a person decides; the same is kept once."""

from datetime import datetime
from uuid import UUID

from accounts.models import User
from common.events import record
from mentoring.actions.album import await_photos
from mentoring.content import VisitContent
from mentoring.models import HeldVersion, Visit
from mentoring.states import HeldReason, HeldState, VisitState


def find_held(key: UUID, content: VisitContent, *, by: User) -> HeldVersion | None:
    """Find this content among what is kept of this sender, settled or not."""
    held = HeldVersion.objects.filter(key=key, digest=content.digest, sent_by=by).first()
    if held is not None and content.state == VisitState.SUBMITTED:
        _hand_in(held)
    return held


def hold(
    key: UUID,
    content: VisitContent,
    reason: HeldReason,
    *,
    by: User,
    at: datetime,
    skew: int | None,
    visit: Visit | None = None,
) -> HeldVersion:
    """Keep it whole, once; a repeat finds what is there. `visit` is the one that it stands beside."""
    if held := find_held(key, content, by=by):
        return held
    given = {
        "visit": visit,
        "village_id": visit.village_id if visit else content.village,
        "program_id": visit.program_id if visit else content.program,
        "content": {**content.facts(), "state": str(content.state)},
        "reason": reason,
        "received_at": at,
        "skew": skew,
    }
    held, new = HeldVersion.objects.get_or_create(key=key, digest=content.digest, sent_by=by, defaults=given)
    if new:
        record(held, verb="held", by=by, at=at, goal=HeldState.WAITING, reason=str(reason), key=str(key))
        await_photos(key=key, photos=content.photos, by=by)
    if new and visit:
        record(visit, verb="conflicted", by=by, at=at, digest=content.digest)
    return held


def _hand_in(held: HeldVersion) -> None:
    """Note that what came as a draft was sent again as handed in."""
    if held.state == HeldState.WAITING and held.content["state"] != VisitState.SUBMITTED:
        content = {**held.content, "state": str(VisitState.SUBMITTED)}
        HeldVersion.objects.waiting().filter(pk=held.pk).update(content=content)
