"""Writing a visit down, once, whatever the retries; what may not simply be written waits for a person."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.models import User
from common.events import record
from common.models import Event
from mentoring.actions.album import hold_key
from mentoring.actions.details import write_details
from mentoring.actions.holding import find_held, hold
from mentoring.actions.review import submit_visit
from mentoring.actions.standing import standing_of
from mentoring.clock import skew_of
from mentoring.content import VisitContent, content_of
from mentoring.models import HeldVersion, Visit
from mentoring.states import EDITABLE, HeldReason, VisitState


class Outcome(StrEnum):
    """What became of a visit that was sent."""

    STORED = "stored"
    HAD_IT = "had_it"
    CHANGED = "changed"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Verdict:
    """The outcome, the visit as it stands (None when there is none of the sender's), and what waits for a person."""

    outcome: Outcome
    visit: Visit | None
    held: HeldVersion | None = None

    @property
    def reason(self) -> str:
        """Why it waits; empty when it does not."""
        return self.held.reason if self.held else ""


@dataclass(frozen=True)
class Sending:
    """Who sends, when it arrives, and how many seconds the phone's clock is ahead."""

    by: User
    at: datetime
    skew: int | None


@transaction.atomic
def put_visit(
    *,
    id: UUID,  # noqa: A002  the key is called id everywhere
    content: VisitContent,
    by: User,
    at: datetime,
    base_version: int | None = None,
    sent_at: datetime | None = None,
) -> Verdict:
    """Keep one visit under the key its phone chose; `sent_at` is the phone's clock when it sent.

    A repeat finds what is there. Other content changes a draft or a returned visit only from the version that it was
    made on (`base_version`), and is else kept beside it for review, never written over it. So is what its mentor may
    not simply write: for a village that is theirs no longer, in a closed period, by a clock that is wrong, under a
    stranger's key. Wrong input is a ValidationError.
    """
    sending = Sending(by, at, skew_of(sent_at, at=at))
    known = _locked(id)
    if known is None and (held := find_held(id, content, by=by)):
        return Verdict(Outcome.CONFLICT, None, held)
    if known is None:
        try:
            with transaction.atomic():
                return _store(id, content, sending)
        except IntegrityError:
            known = _locked(id)  # the same visit came twice at the same moment
            if known is None:
                raise
    if known.mentor_id != by.pk:
        return _keep_apart(known.pk, content, sending)
    return _meet(known, content, sending, base_version=base_version)


def _locked(key: UUID) -> Visit | None:
    hold_key(key)  # photos of the same visit may be arriving
    return Visit.objects.select_for_update().filter(pk=key).first()


def _store(key: UUID, content: VisitContent, sending: Sending) -> Verdict:
    by, at, skew = sending.by, sending.at, sending.skew
    standing = standing_of(content, by=by, at=at, skew=skew)
    if standing.hindrance:
        return Verdict(Outcome.CONFLICT, None, hold(key, content, standing.hindrance, by=by, at=at, skew=skew))
    visit = Visit(pk=key, mentor=by, received_at=at, digest=content.digest, clock_skew=skew)
    write_details(visit, content, cohort=standing.cohort, new=True)
    record(visit, verb="stored", by=by, at=at, digest=visit.digest, visited_at=content.visited_at.isoformat())
    if content.state == VisitState.SUBMITTED:
        submit_visit(visit, by=by, at=at)
    return Verdict(Outcome.STORED, visit)


def _keep_apart(key: UUID, content: VisitContent, sending: Sending) -> Verdict:
    """Keep what came under a stranger's key as what it is, a visit of the sender's, and tell nothing of the other."""
    by, at, skew = sending.by, sending.at, sending.skew
    held = find_held(key, content, by=by)
    if held is None:
        standing_of(content, by=by, at=at, skew=skew)
        held = hold(key, content, HeldReason.KEY_TAKEN, by=by, at=at, skew=skew)
    return Verdict(Outcome.CONFLICT, None, held)


def _meet(known: Visit, content: VisitContent, sending: Sending, *, base_version: int | None) -> Verdict:
    """Answer content that came under the key of a visit of the sender's."""
    by, at, skew = sending.by, sending.at, sending.skew
    same, editing = known.digest == content.digest, known.state in EDITABLE and base_version == known.version
    if not editing and (held := _waited(known, content, by=by)):
        return Verdict(Outcome.CONFLICT, known, held)
    # A returned visit is sent in again only on purpose: a late repeat of the first sending is not that.
    if same and content.state == VisitState.SUBMITTED and (editing or known.state == VisitState.DRAFT):
        return _hand_in(known, content, sending)
    if same or (not editing and _was_here(known, content.digest)):
        return Verdict(Outcome.HAD_IT, known)
    if editing:
        return _change(known, content, sending)
    held = hold(known.pk, content, HeldReason.OTHER_VERSION, by=by, at=at, skew=skew, visit=known)
    return Verdict(Outcome.CONFLICT, known, held)


@transaction.atomic
def hand_in_visit(visit: Visit, *, by: User, at: datetime) -> Verdict:
    """Hand in what is written, unless a person has to look first: then it is kept for review and stays as it is."""
    known = _locked(visit.pk)
    if known is None or known.state not in EDITABLE:
        submit_visit(visit, by=by, at=at)  # says what it is by now
        return Verdict(Outcome.HAD_IT, visit)
    return _hand_in(known, replace(content_of(known), state=VisitState.SUBMITTED), Sending(by, at, None))


def _hand_in(known: Visit, content: VisitContent, sending: Sending) -> Verdict:
    """Submit it; what was written in time and comes too late waits like what was written too late."""
    by, at, skew = sending.by, sending.at, sending.skew
    standing = standing_of(content, by=by, at=at, skew=skew)
    if standing.hindrance:
        held = hold(known.pk, content, standing.hindrance, by=by, at=at, skew=skew, visit=known)
        return Verdict(Outcome.CONFLICT, known, held)
    submit_visit(known, by=by, at=at)
    return Verdict(Outcome.CHANGED, known)


def _waited(known: Visit, content: VisitContent, *, by: User) -> HeldVersion | None:
    """Find this content among what waits or waited, unless its mentor has written it into the visit since."""
    held = find_held(known.pk, content, by=by)
    return held if held and (known.digest != content.digest or held.became_id == known.pk) else None


def _was_here(visit: Visit, digest: str) -> bool:
    """Tell whether this content is an earlier version of the visit that came once more."""
    return Event.objects.about(visit).filter(verb__in=("stored", "changed", "taken"), facts__digest=digest).exists()


def _change(visit: Visit, content: VisitContent, sending: Sending) -> Verdict:
    by, at, skew = sending.by, sending.at, sending.skew
    standing = standing_of(content, by=by, at=at, skew=skew)
    if standing.hindrance:
        held = hold(visit.pk, content, standing.hindrance, by=by, at=at, skew=skew, visit=visit)
        return Verdict(Outcome.CONFLICT, visit, held)
    visit.version += 1
    visit.digest, visit.clock_skew = content.digest, skew
    write_details(visit, content, cohort=standing.cohort, new=False)
    record(visit, verb="changed", by=by, at=at, digest=visit.digest, version=visit.version)
    if content.state == VisitState.SUBMITTED:
        submit_visit(visit, by=by, at=at)
    return Verdict(Outcome.CHANGED, visit)
