"""Two records of one person become one; or two people who look alike are told apart."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import Refused
from common.events import record
from villages.actions.person import CHANGEABLE, refuse_erased
from villages.merging import Outcome, carry_out, dissolve, hold, plan_move
from villages.models import Consent, FormerId, NotDuplicate, Person


@transaction.atomic
def merge_people(keep: Person, *, gone: Person, by: User, at: datetime, take: Collection[str] = ()) -> None:
    """Let one record take over everything of another, which goes for good; its id leads to the one that stays.

    `take` names the columns whose values come from the one that goes; what is empty is filled from it in any case.
    """
    if not CHANGEABLE.issuperset(take):
        raise TypeError(sorted(set(take) - CHANGEABLE))
    refuse_pair(keep, gone)
    pair = {gone.pk: keep.pk}
    hold(plan_move(Person, pair))
    stays, goes = _hold_both(keep, gone)
    doubted = _settle_doubts(stays, goes)
    outcome = carry_out(plan_move(Person, pair), Outcome())
    FormerId.objects.create(pk=goes.pk, person=stays)
    dissolve(goes)
    connection.check_constraints()  # now, not at the end: whatever still points to the old record stops the merge
    facts: dict[str, Any] = {"moved": outcome.moved, "joined": outcome.joined, "told_apart": doubted}
    facts |= {"columns": _take_columns(stays, goes, take), "withdrawn": _heed_last_word(stays)}
    keep.refresh_from_db()
    record(goes, verb="merged_into", by=by, at=at, person=keep.pk)
    record(keep, verb="merged", by=by, at=at, person=goes.pk, **facts)


@transaction.atomic
def tell_apart(first: Person, *, second: Person, by: User, at: datetime) -> None:
    """Keep that these are two people, so that nobody is asked again; saying it twice is saying it once."""
    refuse_pair(first, second)
    low, high = sorted((first.pk, second.pk))
    _pair, new = NotDuplicate.objects.get_or_create(
        first_id=low, second_id=high, defaults={"said_by": by, "said_at": at}
    )
    if new:
        record(first, verb="told_apart", by=by, at=at, person=second.pk)


def refuse_pair(first: Person, second: Person) -> None:
    """Refuse two that can be neither one nor doubted: a record and itself, people of two villages, the forgotten."""
    if first.pk == second.pk:
        raise Refused(_("This is one record. Choose another person."))
    if first.village_id != second.village_id:
        raise Refused(_("These two belong to different villages."))
    for person in (first, second):
        refuse_erased(person)


def _hold_both(keep: Person, gone: Person) -> tuple[Person, Person]:
    """Hold both rows, the lower id first; one that is gone by now was merged by another hand."""
    rows = Person.objects.select_for_update().filter(pk__in=(keep.pk, gone.pk)).order_by("pk")
    held = {person.pk: person for person in rows}
    if len(held) < 2:  # noqa: PLR2004  two people
        raise Refused(_("This record was merged with another one a moment ago. Look again before you go on."))
    refuse_pair(held[keep.pk], held[gone.pk])
    return held[keep.pk], held[gone.pk]


def _settle_doubts(keep: Person, gone: Person) -> list[int]:
    """Carry over whom the one that goes was told apart from; tell who said it of these two, which no longer holds."""
    pairs = list(NotDuplicate.objects.filter(Q(first=gone) | Q(second=gone)).order_by("pk"))
    NotDuplicate.objects.filter(pk__in=[pair.pk for pair in pairs]).delete()
    doubted = []
    for pair in pairs:
        other = pair.second_id if pair.first_id == gone.pk else pair.first_id
        if other == keep.pk:
            doubted.append(pair.said_by_id)
            continue
        low, high = sorted((keep.pk, other))
        said = {"said_by_id": pair.said_by_id, "said_at": pair.said_at}
        NotDuplicate.objects.get_or_create(first_id=low, second_id=high, defaults=said)
    return doubted


def _take_columns(keep: Person, gone: Person, take: Collection[str]) -> list[str]:
    """Write what was chosen and what was missing; tell which columns changed."""
    wanted = [name for name in sorted(CHANGEABLE) if name in take or getattr(keep, name) in (None, "")]
    values = {name: getattr(gone, name) for name in wanted}
    taken = {name: value for name, value in values.items() if value not in (None, "", getattr(keep, name))}
    if taken:
        Person.objects.filter(pk=keep.pk).update(**taken)
    return sorted(taken)


def _heed_last_word(person: Person) -> list[str]:
    """Withdraw an agreement that the same person took back later under the other record; tell which purposes."""
    closed = []
    for live in person.consents.filter(withdrawn_at__isnull=True).order_by("pk"):
        later = person.consents.filter(purpose=live.purpose, withdrawn_at__gte=live.given_at).order_by("-withdrawn_at")
        last = later.first()
        if last is not None:
            Consent.objects.filter(pk=live.pk).update(withdrawn_at=last.withdrawn_at)
            closed.append(live.purpose)
    return closed
