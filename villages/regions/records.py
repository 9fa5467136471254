"""Which records stand on a place of the list, and how each follows when its place goes elsewhere.

Higher floors are named here by their path and resolved by Django, so nothing is imported upwards. A test of the house
fails when a new reference to a place is neither here nor left behind on purpose.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.apps import apps
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from accounts.models import User
from common.dates import local_date
from common.errors import Refused
from common.events import record
from villages.actions import change_village
from villages.models import Region, RegionChange, RegionEdition, TouchedRecord, Village, VillageRegion
from villages.states import ChangeKind, ChangeState

VILLAGE, COVERAGE, OBSERVER = "villages.village", "villages.villageregion", "accounts.user"
PLACED: Final[Mapping[str, str]] = {  # records with one place, and the column that holds it
    VILLAGE: "region",
    COVERAGE: "region",
    "villages.businessunit": "region",
    "programs.venue": "region",
    "almanac.calendarblock": "region",
    "exports.regionfigure": "region",
}
LEFT_BEHIND: Final = frozenset(  # what says where something was, and stays
    {"villages.region", "villages.touchedrecord", "reports.regionreport"}
)
MOVING: Final = (ChangeKind.RECODED, ChangeKind.SPLIT, ChangeKind.MERGED, ChangeKind.GONE)


def touch(edition: RegionEdition) -> None:
    """Note anew which records each change of an edition touches."""
    TouchedRecord.objects.filter(change__edition=edition).delete()
    moving = dict(edition.changes.filter(kind__in=MOVING).values_list("code", "pk"))
    found = [*_placed_at(moving), *_observed_at(moving), *_named_after(edition, moving)]
    TouchedRecord.objects.bulk_create(found, batch_size=1_000)


def _placed_at(changes: Mapping[str, int]) -> Iterable[TouchedRecord]:
    for label, column in PLACED.items():
        rows = _rows(label).filter(**{f"{column}__in": changes.keys()})
        if label == COVERAGE:  # the seat takes its own coverage along
            rows = rows.filter(left_on__isnull=True).exclude(village__region=F("region"))
        for pk, code in rows.order_by("pk").values_list("pk", f"{column}_id"):
            yield TouchedRecord(change_id=changes[code], label=label, row=pk)


def _observed_at(changes: Mapping[str, int]) -> Iterable[TouchedRecord]:
    pairs = Region.observers.through.objects.filter(region__in=changes.keys()).order_by("pk")
    for code, user in pairs.values_list("region_id", "user_id"):
        yield TouchedRecord(change_id=changes[code], label=OBSERVER, row=user)


def _named_after(edition: RegionEdition, moving: Mapping[str, int]) -> Iterable[TouchedRecord]:
    """Find villages of the programme that bear the name that their seat had; a code that changed hands names nobody."""
    renamed = edition.changes.filter(kind=ChangeKind.RENAMED).exclude(before=F("after"))
    changes = {code: (pk, before) for pk, code, before in renamed.values_list("pk", "code", "before")}
    villages = Village.objects.filter(region__in=changes.keys() - moving.keys()).order_by("pk")
    for pk, code, name in villages.values_list("pk", "region_id", "name"):
        change, before = changes[code]
        if name == before:
            yield TouchedRecord(change_id=change, label=VILLAGE, row=pk)


def follow(touched: TouchedRecord, change: RegionChange, to: Region, *, by: User, at: datetime) -> bool:
    """Take one record to another place, or a village to the new name of its seat; False when it had left already."""
    if change.kind == ChangeKind.RENAMED:
        return _take_name(touched, change, to, by=by, at=at)
    match touched.label:
        case label if label == OBSERVER:
            return _observe(touched, change, to, by=by, at=at)
        case label if label == COVERAGE:
            return _cover(VillageRegion.objects.filter(pk=touched.row), change, to, day=_day(at, to))
        case _:
            return _place(touched, change, to, by=by, at=at)


def _place(touched: TouchedRecord, change: RegionChange, to: Region, *, by: User, at: datetime) -> bool:
    column = PLACED[touched.label]
    rows = _rows(touched.label)
    given: dict[str, Any] = {column: to}
    if any(each.name == "revision" for each in rows.model._meta.concrete_fields):
        given["revision"] = F("revision") + 1  # a form that was opened before says so
    if not rows.filter(pk=touched.row, **{column: change.code}).update(**given):
        return False
    row = rows.get(pk=touched.row)
    if isinstance(row, Village):
        _cover(VillageRegion.objects.filter(village=row), change, to, day=_day(at, to))
        _join(row.pk, change, to, day=_day(at, to))  # where another village came to the old code first
        _take_new_units(row, change, to, by=by, at=at)
    record(row, verb="region_moved", by=by, at=at, **_facts(change, to))
    return True


def _take_new_units(village: Village, change: RegionChange, to: Region, *, by: User, at: datetime) -> None:
    """Take along what was written down at the old code since the list was loaded."""
    since = village.business_units.filter(region=change.code, registered_at__gte=change.edition.settled_at)
    listed = change.records.filter(label="villages.businessunit").values("row")
    for unit in since.exclude(pk__in=listed):
        touched = TouchedRecord(label="villages.businessunit", row=unit.pk)
        _place(touched, change, to, by=by, at=at)


def _cover(rows: models.QuerySet[VillageRegion], change: RegionChange, to: Region, *, day: date) -> bool:
    """End the coverage of a desa and begin that of the one it became; both stay on record."""
    old = rows.filter(region=change.code, left_on__isnull=True).first()
    if old is None:
        return False
    VillageRegion.objects.filter(pk=old.pk).update(left_on=max(day, old.joined_on))
    _join(old.village_id, change, to, day=max(day, old.joined_on))
    return True


def _join(village: int, change: RegionChange, to: Region, *, day: date) -> None:
    """Let a village cover a desa; whoever waits to leave that code makes room, anyone else is named."""
    for there in VillageRegion.objects.filter(region=to, left_on__isnull=True).select_related("village"):
        if there.village_id == village:
            return
        if not _leaving(there, change):
            said = _("%(village)s covers %(code)s already; decide on that village first.")
            raise Refused(said % {"village": there.village.name, "code": to.pk})
        VillageRegion.objects.filter(pk=there.pk).update(left_on=max(day, there.joined_on))
    VillageRegion.objects.create(village_id=village, region=to, joined_on=day)


def _leaving(there: VillageRegion, change: RegionChange) -> bool:
    """Tell whether this coverage stands on a code that another place took in the same edition, and is yet to follow."""
    seat = Q(label=VILLAGE, row=there.village_id) if there.village.region_id == there.region_id else Q()
    touched = TouchedRecord.objects.filter(seat or Q(label=COVERAGE, row=there.pk), settled_at__isnull=True)
    return (
        touched.filter(change__edition=change.edition_id, change__code=there.region_id)
        .exclude(change__kind=ChangeKind.RENAMED)
        .exists()
    )


def _observe(touched: TouchedRecord, change: RegionChange, to: Region, *, by: User, at: datetime) -> bool:
    """Let an observer read the new place; the old one too, as long as it is still listed."""
    observer = User.objects.get(pk=touched.row)
    if not observer.observed_regions.filter(pk=change.code).exists():
        return False
    observer.observed_regions.add(to)
    if change.leaves:
        observer.observed_regions.remove(Region(pk=change.code))
    record(observer, verb="region_moved", by=by, at=at, **_facts(change, to))
    return True


def _take_name(touched: TouchedRecord, change: RegionChange, to: Region, *, by: User, at: datetime) -> bool:
    """Take the name that the seat has by now."""
    village = Village.objects.get(pk=touched.row)
    if village.name != change.before:
        return False
    change_village(village, name=to.name, by=by, at=at)
    return True


def _rows(label: str) -> models.QuerySet[Any]:
    rows: models.QuerySet[Any] = apps.get_model(label)._base_manager.all()
    return rows


def _day(at: datetime, to: Region) -> date:
    return local_date(at, to.zone)


def _facts(change: RegionChange, to: Region) -> dict[str, Any]:
    return {"before": change.code, "region": to.pk, "edition": change.edition_id}


def lapse(edition: RegionEdition) -> int:
    """Close what earlier editions left to decide and this one undid; tell how many.

    A record that never followed such a change stands right again: this edition does not ask about it either.
    """
    undone = _undone(edition)
    left = TouchedRecord.objects.filter(change__in=undone, settled_at__isnull=True)
    for code, label, row in left.values_list("change__code", "label", "row"):
        TouchedRecord.objects.filter(change__edition=edition, change__code=code, label=label, row=row).delete()
    return RegionChange.objects.filter(pk__in=undone).update(state=ChangeState.LAPSED)


def _undone(edition: RegionEdition) -> list[int]:
    """Find waiting changes whose place is listed again, bears its name again, or has its parts back."""
    earlier = RegionChange.objects.waiting().exclude(edition=edition)
    here = Region.objects.filter(pk=OuterRef("code"), gone=False)
    back = Q(leaves=True, code__in=edition.changes.filter(kind=ChangeKind.BACK).values("code"))
    named = Q(leaves=False, name_now=F("before")) & ~Q(kind=ChangeKind.SPLIT)
    found = earlier.annotate(name_now=Subquery(here.values("name"))).filter(back | named)
    parts = earlier.filter(leaves=False, kind=ChangeKind.SPLIT).values_list("pk", "counterparts")
    listed = Region.objects.filter(pk__in=[code for _row, codes in parts for code in codes], gone=False)
    live = set(listed.values_list("pk", flat=True))
    return [*found.values_list("pk", flat=True), *(pk for pk, codes in parts if not live.intersection(codes))]
