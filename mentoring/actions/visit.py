"""Writing a visit down, once, whatever the retries."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.models import User
from common.events import record
from common.models import Event
from mentoring.actions.album import hold_key
from mentoring.actions.details import write_details
from mentoring.actions.review import submit_visit
from mentoring.actions.standing import standing_of
from mentoring.content import VisitContent
from mentoring.models import Visit, VisitConflict
from mentoring.states import EDITABLE, VisitState


class Outcome(StrEnum):
    """What became of a visit that was sent."""

    STORED = "stored"
    HAD_IT = "had_it"
    CHANGED = "changed"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Verdict:
    """The outcome, and the visit as it stands; None when the key belongs to someone else."""

    outcome: Outcome
    visit: Visit | None


@transaction.atomic
def put_visit(
    *,
    id: UUID,  # noqa: A002  the key is called id everywhere
    content: VisitContent,
    by: User,
    at: datetime,
    base_version: int | None = None,
) -> Verdict:
    """Keep one visit under the key its phone chose.

    A repeat finds what is there. Other content changes a draft or a returned visit only from the version that it was
    made on (`base_version`), and is else kept beside it for review, never written over it.
    Wrong input is a ValidationError.
    """
    known = _locked(id)
    if known is None:
        try:
            with transaction.atomic():
                return Verdict(Outcome.STORED, _store(id, content, by=by, at=at))
        except IntegrityError:
            known = _locked(id)  # the same visit came twice at the same moment
            if known is None:
                raise
    return _meet(known, content, by=by, at=at, base_version=base_version)


def _locked(key: UUID) -> Visit | None:
    hold_key(key)  # photos of the same visit may be arriving
    return Visit.objects.select_for_update().filter(pk=key).first()


def _store(key: UUID, content: VisitContent, *, by: User, at: datetime) -> Visit:
    standing = standing_of(content, by=by, at=at)
    visit = Visit(pk=key, mentor=by, received_at=at, digest=content.digest)
    write_details(visit, content, cohort=standing, new=True)
    record(visit, verb="stored", by=by, at=at, digest=visit.digest, visited_at=content.visited_at.isoformat())
    if content.state == VisitState.SUBMITTED:
        submit_visit(visit, by=by, at=at)
    return visit


def _meet(known: Visit, content: VisitContent, *, by: User, at: datetime, base_version: int | None) -> Verdict:
    """Answer content that came under a key we know."""
    if known.mentor_id != by.pk:
        _keep_beside(known, content, by=by, at=at)
        return Verdict(Outcome.CONFLICT, None)
    same, editing = known.digest == content.digest, known.state in EDITABLE and base_version == known.version
    # A returned visit is sent in again only on purpose: a late repeat of the first sending is not that.
    if same and content.state == VisitState.SUBMITTED and (editing or known.state == VisitState.DRAFT):
        submit_visit(known, by=by, at=at)
        return Verdict(Outcome.CHANGED, known)
    if same or (not editing and _was_here(known, content.digest)):
        return Verdict(Outcome.HAD_IT, known)
    if editing:
        _change(known, content, by=by, at=at)
        return Verdict(Outcome.CHANGED, known)
    _keep_beside(known, content, by=by, at=at)
    return Verdict(Outcome.CONFLICT, known)


def _was_here(visit: Visit, digest: str) -> bool:
    """Tell whether this content is an earlier version of the visit that came once more."""
    return Event.objects.about(visit).filter(verb__in=("stored", "changed"), facts__digest=digest).exists()


def _change(visit: Visit, content: VisitContent, *, by: User, at: datetime) -> None:
    standing = standing_of(content, by=by, at=at)
    visit.version += 1
    visit.digest = content.digest
    write_details(visit, content, cohort=standing, new=False)
    record(visit, verb="changed", by=by, at=at, digest=visit.digest, version=visit.version)
    if content.state == VisitState.SUBMITTED:
        submit_visit(visit, by=by, at=at)


def _keep_beside(visit: Visit, content: VisitContent, *, by: User, at: datetime) -> None:
    _kept, new = VisitConflict.objects.get_or_create(
        visit=visit,
        digest=content.digest,
        defaults={"content": {**content.facts(), "state": str(content.state)}, "sent_by": by, "received_at": at},
    )
    if new:
        record(visit, verb="conflicted", by=by, at=at, digest=content.digest)
