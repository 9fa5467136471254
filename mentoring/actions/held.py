"""Deciding about versions that wait: taken into the record, or not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import RowMoved
from common.events import record
from mentoring.actions.album import hold_key
from mentoring.actions.details import write_details
from mentoring.actions.review import submit_visit
from mentoring.actions.standing import Standing, standing_of
from mentoring.content import Agreed, Pictured, VisitContent, content_of, read_content
from mentoring.models import ActionItem, HeldVersion, Photo, Visit
from mentoring.states import EDITABLE, HeldReason, HeldState, VisitState


@transaction.atomic
def take_held(held: HeldVersion, *, by: User, at: datetime) -> Visit:
    """Take a version into the record, and give the visit that it became.

    Where nothing is under its key it becomes the visit; a visit that is not approved yet gets it as its next version,
    and what stood there is kept beside it; an approved one is corrected by a new, linked visit. Under a stranger's key
    it becomes a visit with a key of its own. What does not fit the world any more is a ValidationError.
    """
    hold_key(held.key)
    known = Visit.objects.select_for_update().filter(pk=held.key).first()
    theirs = known is not None and known.mentor_id != held.sent_by_id
    corrected = known if known and not theirs and known.state == VisitState.APPROVED else None
    goal = held.own_key if theirs or corrected else held.key
    HeldVersion.objects.move(held, HeldState.TAKEN, settled_at=at, settled_by=by, became_id=goal)
    record(held, verb="taken", by=by, at=at, origin=HeldState.WAITING, goal=held.state, became=str(goal))
    content = replace(read_content(held.content), corrects=corrected.pk) if corrected else read_content(held.content)
    standing = standing_of(content, by=held.sent_by, at=held.received_at, skew=held.skew)
    content = replace(content, visited_at=standing.visited_at, action_items=_items(content, goal, corrected))
    content = replace(content, photos=_photos(content, goal))
    if known is None or theirs or corrected:
        return _become(goal, held, content, standing, by=by, at=at)
    return _replace(known, held, content, standing, by=by, at=at)


@transaction.atomic
def dismiss_held(held: HeldVersion, *, comment: str, by: User, at: datetime) -> None:
    """Leave a version out of the record and tell its mentor why; it stays kept as it was sent."""
    if not comment.strip():
        raise ValidationError({"comment": _("Say why it is not taken; the mentor reads it.")}, code="comment")
    HeldVersion.objects.move(held, HeldState.DISMISSED, comment=comment.strip(), settled_at=at, settled_by=by)
    record(held, verb="dismissed", by=by, at=at, origin=HeldState.WAITING, goal=held.state)


def _become(
    key: UUID, held: HeldVersion, content: VisitContent, standing: Standing, *, by: User, at: datetime
) -> Visit:
    """Write it as a visit that is handed in: who sent it may not be able to any more."""
    visit = Visit(pk=key, mentor=held.sent_by, received_at=held.received_at, digest=held.digest, clock_skew=held.skew)
    try:
        with transaction.atomic():
            write_details(visit, content, cohort=standing.cohort, new=True)
    except IntegrityError as error:
        raise RowMoved(held) from error  # its phone sent another version at the same moment
    record(visit, verb="taken", by=by, at=at, digest=visit.digest, held=held.pk)
    submit_visit(visit, by=by, at=at)
    return visit


def _replace(
    visit: Visit, held: HeldVersion, content: VisitContent, standing: Standing, *, by: User, at: datetime
) -> Visit:
    """Write it over a visit that is not approved yet, as its next version."""
    _keep_aside(visit, by=by, at=at)
    visit.version += 1
    visit.digest, visit.clock_skew = held.digest, held.skew
    write_details(visit, content, cohort=standing.cohort, new=False)
    record(visit, verb="taken", by=by, at=at, digest=visit.digest, version=visit.version, held=held.pk)
    if content.state == VisitState.SUBMITTED and visit.state in EDITABLE:
        submit_visit(visit, by=by, at=at)
    return visit


def _keep_aside(visit: Visit, *, by: User, at: datetime) -> None:
    """Keep what stood in the visit, so that no word of either version is lost."""
    HeldVersion.objects.get_or_create(
        key=visit.pk,
        digest=visit.digest,
        sent_by=visit.mentor,
        defaults={
            "visit": visit,
            "village_id": visit.village_id,
            "program_id": visit.program_id,
            "content": {**content_of(visit).facts(), "state": str(visit.state)},
            "reason": HeldReason.OTHER_VERSION,
            "received_at": visit.received_at,
            "skew": visit.clock_skew,
            "state": HeldState.DISMISSED,
            "comment": _("Another version was taken in its place."),
            "settled_at": at,
            "settled_by": by,
        },
    )


def _photos(content: VisitContent, goal: UUID) -> tuple[Pictured, ...]:
    """Take along what is named: a photo that another visit shows already stays there."""
    elsewhere = Photo.objects.filter(pk__in=[photo.id for photo in content.photos], visit__isnull=False)
    shown = set(elsewhere.exclude(visit=goal).values_list("pk", flat=True))
    return tuple(photo for photo in content.photos if photo.id not in shown)


def _items(content: VisitContent, goal: UUID, corrected: Visit | None) -> tuple[Agreed, ...]:
    """Take along what was agreed: under new keys where an item of another visit has them."""
    wanted = [item.id for item in content.action_items]
    known = {row.pk: row for row in ActionItem.objects.filter(pk__in=wanted).exclude(visit=goal)}
    return tuple(_moved(content.action_items, known, goal, corrected))


def _moved(
    agreed: tuple[Agreed, ...], known: dict[UUID, ActionItem], goal: UUID, corrected: Visit | None
) -> Iterator[Agreed]:
    for item in agreed:
        row = known.get(item.id)
        if row is None:
            yield item
        elif corrected is None or (row.what, row.owner, row.due_on) != (item.what, item.owner, item.due_on):
            yield replace(item, id=uuid5(item.id, str(goal)))  # what stands in the corrected visit is agreed already
