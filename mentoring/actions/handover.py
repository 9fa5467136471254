"""A village passes from one mentor to the next: prepared at the desk, signed by both."""

from collections.abc import Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import Refused, RowMoved
from common.events import record
from mentoring.actions.assignment import assign_mentor, end_assignment, reopen_assignment, withdraw_assignment
from mentoring.actions.plan import hand_over_plans, take_back_plans
from mentoring.handover import latest_works
from mentoring.models import Assignment, Handover, Signature
from mentoring.states import HANDOVER_MOVES, HandoverState, Side
from villages.rules import DESK


@transaction.atomic
def prepare_handover(
    letter: Assignment, *, taker: User, last_on: date, first_on: date, by: User, at: datetime
) -> Handover:
    """Let a mentor's assignment end and another's begin; plans beyond the last day pass to who comes."""
    village = letter.village
    if letter.ends_on is not None:
        raise Refused(_("This assignment is ended already."))
    if taker.pk == letter.mentor_id:
        raise ValidationError({"taker": _("A village is handed over to another mentor.")}, code="taker")
    held = Assignment.objects.filter(mentor=taker, village=village, ends_on__isnull=True).exists()
    new = None if held else assign_mentor(mentor=taker, village=village, starts_on=first_on, by=by, at=at)
    handover = Handover.objects.create(
        village=village,
        giver=letter.mentor,
        taker=taker,
        last_on=last_on,
        first_on=first_on,
        letter=letter,
        new_letter=new,
        works=latest_works([village.pk]).get(village.pk, ""),
        prepared_at=at,
        prepared_by=by,
        written_at=at,
    )
    record(handover, verb="prepared", by=by, at=at, village=village.pk, giver=letter.mentor_id, taker=taker.pk)
    hand_over_plans(letter.mentor_id, taker, village, after=last_on, by=by, at=at, handover=handover.pk)
    end_assignment(letter, ends_on=last_on, by=by, at=at)
    return handover


@transaction.atomic
def write_works(handover: Handover, *, works: str, by: User, at: datetime, version: int | None = None) -> None:
    """Write what works in the village; another text is another version, and is signed anew. `version` was read."""
    works = works.replace("\r\n", "\n").strip()
    if handover.state != HandoverState.PREPARED:
        raise Refused(_("What is signed by both, or called off, is not changed any more."))
    if works == handover.works:
        return
    seen = handover.version if version is None else version
    rows = Handover.objects.filter(pk=handover.pk, state=HandoverState.PREPARED, version=seen)
    if not rows.update(works=works, version=F("version") + 1, written_at=at):
        raise RowMoved(handover)
    handover.refresh_from_db(fields=["works", "version", "written_at"])
    record(handover, verb="written", by=by, at=at, version=handover.version)


@transaction.atomic
def sign_handover(handover: Handover, *, by: User, at: datetime, version: int, reason: str = "") -> None:
    """Sign the version that was read, once; the second of both hands closes the handover.

    For who may not sign in any more, somebody at the desk signs and says why.
    """
    now = _held(handover.pk)
    side, reason = _side_of(now, by), reason.strip()
    if now.signatures.filter(side=side, version=version).exists():
        return
    HANDOVER_MOVES.check(now.state, HandoverState.SIGNED)
    if version != now.version:
        raise RowMoved(now)
    if by.pk not in (now.giver_id, now.taker_id) and not reason:
        raise ValidationError({"reason": _("Say why you sign in their place.")}, code="reason")
    own = by.pk in (now.giver_id, now.taker_id)
    row = Signature(handover=now, side=side, version=version, signed_by=by, signed_at=at, reason="" if own else reason)
    row.clean_fields(exclude={"handover", "signed_by"})
    row.save(force_insert=True)
    whole = now.signatures.filter(version=version).count() == len(Side.values)
    if whole:
        Handover.objects.move(now, HandoverState.SIGNED, signed_at=at)
    record(now, verb="signed", by=by, at=at, side=str(side), version=version, goal=now.state if whole else "")
    handover.refresh_from_db()


def _held(key: int) -> Handover:
    """Hold the row: of two hands at one moment, one is the second."""
    return Handover.objects.select_for_update(of=("self",)).select_related("giver", "taker").get(pk=key)


def _side_of(handover: Handover, by: User) -> Side:
    """Find whose hand this is; the desk signs for a giver whose account is off."""
    if by.pk in (handover.giver_id, handover.taker_id):
        return Side.GIVER if by.pk == handover.giver_id else Side.TAKER
    if by.role in DESK and not handover.giver.is_active:
        return Side.GIVER
    raise Refused(_("A handover is signed by its two mentors; the desk signs only for a giver who cannot sign in."))


@transaction.atomic
def cancel_handover(handover: Handover, *, reason: str, by: User, at: datetime) -> None:
    """Call it off before both signed, and say why: the giver keeps the village, and the taker's letter goes back."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the handover is called off.")}, code="reason")
    letter, new = handover.letter, handover.new_letter
    Handover.objects.move(handover, HandoverState.CANCELLED, reason=reason.strip(), new_letter=None)
    record(handover, verb="cancelled", by=by, at=at, origin=HandoverState.PREPARED, goal=handover.state)
    reopen_assignment(letter, ends_on=handover.last_on, by=by, at=at)
    take_back_plans(letter.mentor_id, by=by, at=at, handover=handover.pk)
    if new is not None:
        withdraw_assignment(new, by=by, at=at)


def note_contacts(handover: Handover, *, contact_points: Sequence[int], by: User, at: datetime) -> None:
    """Keep that somebody read the numbers of the village's contacts with this handover."""
    if contact_points:
        record(handover, verb="read_numbers", by=by, at=at, contact_points=list(contact_points))
