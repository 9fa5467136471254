"""What a person decides about records whose place an edition changed."""

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import Refused, RowMoved
from common.events import record
from villages.models import Region, RegionChange, RegionEdition, TouchedRecord
from villages.regions.records import follow
from villages.states import ChangeKind, ChangeState, EditionState

SURE = (ChangeKind.RECODED, ChangeKind.MERGED, ChangeKind.RENAMED)
MOST_STEPS = 20


@transaction.atomic
def decide_change(
    change: RegionChange, *, to: Region | None, by: User, at: datetime, records: Collection[int] | None = None
) -> int:
    """Take the records of a change to a place that is listed, or leave them (`to` None); tell how many moved.

    Without `records` all that are open are meant; a change is decided when none is open any more.
    """
    _lock(change)
    chosen = _chosen(change, records)
    moved = 0
    if to is not None:
        to = _listed(change, to)
        moved = sum(_settle(each, change, to, by=by, at=at) for each in chosen)
    TouchedRecord.objects.filter(pk__in=[each.pk for each in chosen], settled_at__isnull=True).update(settled_at=at)
    record(change, verb="decided", by=by, at=at, to=to.pk if to else "", records=len(chosen), moved=moved)
    if not change.records.filter(settled_at__isnull=True).exists():
        went = moved or change.records.filter(moved_to__isnull=False).exists()
        goal = ChangeState.MOVED if went else ChangeState.KEPT
        RegionChange.objects.move(change, goal, decided_at=at, decided_by=by)
    return moved


@transaction.atomic
def decide_all(edition: RegionEdition, *, by: User, at: datetime) -> int:
    """Take along everything that has one place to go to; tell how many changes were decided."""
    decided = 0
    for change in edition.changes.waiting().filter(kind__in=SURE).order_by("code", "pk"):
        to = heir_of(change)
        decided += to is not None and _decided(change, to, by=by, at=at)
    return decided


def _decided(change: RegionChange, to: Region, *, by: User, at: datetime) -> bool:
    """Decide one of many; what stands in its way is left for a person to see."""
    try:
        with transaction.atomic():
            decide_change(change, to=to, by=by, at=at)
    except (Refused, ValidationError):
        return False
    return True


def heir_of(change: RegionChange) -> Region | None:
    """Find the one place that takes over, through later editions too; none when several do, or none is listed."""
    if change.kind == ChangeKind.RENAMED:
        return Region.objects.filter(pk=change.code, gone=False).first()
    codes = change.counterparts
    for _step in range(MOST_STEPS):
        if len(codes) != 1:
            return None
        found = Region.objects.filter(pk=codes[0]).first()
        if found is None or not found.gone:
            return found
        later = RegionChange.objects.filter(
            code=codes[0], leaves=True, edition__state=EditionState.LOADED, edition__pk__gte=change.edition_id
        )
        last = later.order_by("-edition__settled_at", "-pk").first()
        codes = last.counterparts if last else []
    return None


def _lock(change: RegionChange) -> None:
    """Hold the change, and tell the slower of two hands."""
    held = RegionChange.objects.select_for_update(of=("self",)).select_related("edition").get(pk=change.pk)
    if held.edition.state != EditionState.LOADED:
        raise Refused(_("This list is not in force; load it first."))
    if held.state != ChangeState.WAITING:
        raise RowMoved(change)
    change.state = held.state


def _chosen(change: RegionChange, records: Collection[int] | None) -> list[TouchedRecord]:
    left = list(change.records.filter(settled_at__isnull=True).order_by("pk"))
    if records is None:
        return left
    chosen = [each for each in left if each.pk in set(records)]
    if len(chosen) != len(set(records)):
        raise RowMoved(change)
    if not chosen:
        raise ValidationError({"records": _("Choose at least one record.")})
    return chosen


def _listed(change: RegionChange, to: Region) -> Region:
    found = Region.objects.select_for_update(no_key=True).get(pk=to.pk)
    if found.gone:
        raise ValidationError({"to": _("This place is gone from the list itself.")})
    if found.level != change.level:
        raise ValidationError({"to": _("Choose a place of the same level.")})
    if (found.pk == change.code) != (change.kind == ChangeKind.RENAMED):
        raise ValidationError({"to": _("Choose the place that took over.")})
    return found


def _settle(touched: TouchedRecord, change: RegionChange, to: Region, *, by: User, at: datetime) -> bool:
    """Move one record; one that somebody moved before is left where it is."""
    moved = follow(touched, change, to, by=by, at=at)
    TouchedRecord.objects.filter(pk=touched.pk).update(settled_at=at, moved_to=to if moved else None)
    return moved
