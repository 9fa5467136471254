"""Business units enter the inventory as leads, are verified or left out, and are corrected."""

import re
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.dates import local_date
from common.errors import Refused, RowMoved
from common.events import record
from villages.models import BusinessUnit, Region, Village
from villages.models.business import NIB
from villages.states import ExportStatus, InventoryState
from villages.successors import refuse_gone

TEXTS = {"name", "kind", "product_group", "products", "nib", "export_status", "source"}
CHANGEABLE = TEXTS | {"region", "workers", "first_export_on"}
BETWEEN_DIGITS = re.compile(r"[\s.-]+")
Column = str | int | date | Region | None


@transaction.atomic
def register_unit(
    *,
    village: Village | None,
    name: str,
    kind: str,
    product_group: str,
    by: User,
    at: datetime,
    region: Region | None = None,
    products: str = "",
    workers: int | None = None,
    nib: str = "",
    export_status: str = ExportStatus.NONE,
    first_export_on: date | None = None,
    source: str = "",
) -> BusinessUnit:
    """Write down a business that somebody told of: a lead, until it is verified."""
    unit = BusinessUnit(
        village=village,
        region=_place(village, region),
        name=_tidy(name),
        kind=kind,
        product_group=product_group,
        products=_tidy(products),
        workers=workers,
        nib=_digits(nib),
        export_status=export_status,
        first_export_on=first_export_on,
        source=_tidy(source),
        registered_at=at,
        registered_by=by,
    )
    _check(unit, by=by, at=at)
    unit.save(force_insert=True)
    record(unit, verb="registered", by=by, at=at, goal=unit.inventory_state, village=unit.village_id)
    return unit


@transaction.atomic
def change_unit(unit: BusinessUnit, *, by: User, at: datetime, **columns: Column) -> None:
    """Correct what is known; a column that another hand changed meanwhile is not overwritten."""
    if not CHANGEABLE.issuperset(columns):
        raise TypeError(sorted(columns.keys() - CHANGEABLE))
    tidied = {name: _tidied(name, value) for name, value in columns.items()}
    if tidied.get("region", unit.region) != unit.region:
        tidied["region"] = _place(unit.village, tidied["region"])  # type: ignore[arg-type]
    changed = {name: value for name, value in tidied.items() if getattr(unit, name) != value}
    if not changed:
        return
    if unit.is_dismissed and changed.keys() != {"name"}:
        raise Refused(_("This unit was left out of the inventory; only its name can still be corrected."))
    before = {name: getattr(unit, name) for name in changed}
    for name, value in changed.items():
        setattr(unit, name, value)
    _check(unit, by=by, at=at)
    here = BusinessUnit.objects.filter(pk=unit.pk, inventory_state=unit.inventory_state, **before)
    if not here.update(**changed):
        raise RowMoved(unit)
    record(unit, verb="changed", by=by, at=at, columns=sorted(changed))


@transaction.atomic
def verify_unit(unit: BusinessUnit, *, by: User, at: datetime) -> None:
    """Take a lead into the inventory: somebody has been there and seen it."""
    BusinessUnit.objects.move(unit, InventoryState.VERIFIED, settled_at=at, settled_by=by)
    record(unit, verb="verified", by=by, at=at, origin=InventoryState.LEAD, goal=InventoryState.VERIFIED)


@transaction.atomic
def dismiss_unit(unit: BusinessUnit, *, reason: str, by: User, at: datetime) -> None:
    """Leave a unit out of the inventory and say why; its NIB and name are free again, its records stay."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why this unit is left out of the inventory.")})
    origin = unit.inventory_state
    BusinessUnit.objects.move(unit, InventoryState.DISMISSED, reason=_tidy(reason), settled_at=at, settled_by=by)
    record(unit, verb="dismissed", by=by, at=at, origin=origin, goal=InventoryState.DISMISSED)


def _check(unit: BusinessUnit, *, by: User, at: datetime) -> None:
    """Refuse what cannot be, naming the unit that already has this NIB where `by` may see it."""
    if unit.nib and not unit.nib.isascii():  # other scripts have digits too; a NIB has none of them
        raise ValidationError({"nib": NIB.message})
    if unit.nib:
        _refuse_known_nib(unit, by)
    if unit.first_export_on and unit.first_export_on > local_date(at, unit.zone):
        raise ValidationError({"first_export_on": _("A first export was today or earlier.")})
    unit.full_clean(exclude={"region", "registered_by", "settled_by"})


def _refuse_known_nib(unit: BusinessUnit, by: User) -> None:
    others = BusinessUnit.objects.standing().filter(nib=unit.nib).exclude(pk=unit.pk)
    if unit.is_dismissed or not others.exists():
        return
    seen = others.filter(pk__in=BusinessUnit.objects.visible_to(by).values("pk")).first()
    said = _("This NIB already belongs to “%(name)s”.") % {"name": seen.name} if seen else None
    raise ValidationError({"nib": said or _("This NIB already belongs to another business unit.")})


def _place(village: Village | None, region: Region | None) -> Region:
    """Place a unit in a desa that its village covers, the seat unless told otherwise; an exporter where it is."""
    if village is None:
        if region is None:
            raise ValidationError({"region": _("Say where this exporter is.")})
        refuse_gone(region)
        return region
    if region is None or region.pk == village.region_id:
        return village.region
    if not village.coverage.filter(region=region, left_on__isnull=True).exists():
        raise ValidationError({"region": _("Choose a desa that this village covers.")})
    refuse_gone(region)
    return region


def _tidied(name: str, value: Column) -> Column:
    if name == "nib":
        return _digits(str(value))
    return _tidy(value) if isinstance(value, str) else value


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _digits(nib: str) -> str:
    """Read a NIB as it is printed, `1234 5678 90123`."""
    return BETWEEN_DIGITS.sub("", nib)
