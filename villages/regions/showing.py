"""What pages show of touched records: what each is called, where it is read."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from villages.models import RegionChange, TouchedRecord

KINDS: Final[dict[str, Promise]] = {
    "villages.village": _("Village of the programme"),
    "villages.villageregion": _("Desa covered"),
    "villages.businessunit": _("Business unit"),
    "programs.venue": _("Venue"),
    "almanac.calendarblock": _("Calendar block"),
    "exports.regionfigure": _("Published figure"),
    "accounts.user": _("Observer"),
}
ADDRESSES: Final = {
    "villages.village": "village-detail",
    "villages.businessunit": "unit-detail",
    "programs.venue": "venue-detail",
    "almanac.calendarblock": "calendar-block-edit",
    "exports.regionfigure": "figure-detail",
}
ALONG: Final = {"villages.villageregion": ("village",)}


@dataclass(frozen=True)
class Shown:
    """One touched record in words."""

    pk: int
    label: str
    kind: str
    name: str
    row: int
    address: str  # name of the page, empty where there is none
    settled: bool
    moved_to: str

    @property
    def line(self) -> str:
        """Read as kind and name."""
        return f"{self.kind}: {self.name}"


def shown(change: RegionChange, *, user: User) -> list[Shown]:
    """Name the records of a change that this user sees; as many queries as there are kinds of records."""
    records = list(change.records.order_by("label", "pk"))
    names = _names(records, user)
    return [
        Shown(
            pk=each.pk,
            label=each.label,
            kind=str(KINDS[each.label]),
            name=names.get((each.label, each.row), str(_("no longer here"))),
            row=each.row,
            address=ADDRESSES.get(each.label, "") if (each.label, each.row) in names else "",
            settled=each.settled_at is not None,
            moved_to=each.moved_to_id or "",
        )
        for each in records
    ]


def _names(records: Iterable[TouchedRecord], user: User) -> dict[tuple[str, int], str]:
    keys: dict[str, list[int]] = defaultdict(list)
    for each in records:
        keys[each.label].append(each.row)
    return {
        (label, row.pk): _name(row)
        for label, rows in keys.items()
        for row in _seen(label, user).filter(pk__in=rows).select_related(*ALONG.get(label, ()))
    }


def _seen(label: str, user: User) -> models.QuerySet[models.Model]:
    rows: models.QuerySet[models.Model] = apps.get_model(label)._default_manager.visible_to(user)
    return rows


def _name(row: models.Model) -> str:
    return str(getattr(row, "village", row)) if row._meta.label_lower == "villages.villageregion" else str(row)
