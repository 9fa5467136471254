"""Papers of a business unit and the lots it counts in; both are told in the history of the unit."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import Refused, RowMoved
from common.events import record
from villages.models import BusinessUnit, Licence, ProductUnit
from villages.quantities import PIECES, lot_name

CHANGEABLE = {"kind", "number", "issued_on", "expires_on"}


@transaction.atomic
def add_licence(
    unit: BusinessUnit,
    *,
    kind: str,
    number: str,
    by: User,
    at: datetime,
    issued_on: date | None = None,
    expires_on: date | None = None,
) -> Licence:
    """Write down a paper; a renewed one is a paper of its own, and the longest of a kind holds."""
    _refuse_dismissed(unit)
    licence = Licence(
        business_unit=unit, kind=kind, number=" ".join(number.split()), issued_on=issued_on, expires_on=expires_on
    )
    licence.full_clean()
    licence.save(force_insert=True)
    record(unit, verb="licence_added", by=by, at=at, licence=licence.pk, kind=kind)
    return licence


@transaction.atomic
def change_licence(licence: Licence, *, by: User, at: datetime, **columns: str | date | None) -> None:
    """Correct a paper; writing the same again records nothing, and the slower of two hands is told."""
    if not CHANGEABLE.issuperset(columns):
        raise TypeError(sorted(columns.keys() - CHANGEABLE))
    _refuse_dismissed(licence.business_unit)
    tidied = {name: " ".join(value.split()) if isinstance(value, str) else value for name, value in columns.items()}
    changed = {name: value for name, value in tidied.items() if getattr(licence, name) != value}
    if not changed:
        return
    before = {name: getattr(licence, name) for name in changed}
    for name, value in changed.items():
        setattr(licence, name, value)
    licence.full_clean()
    if not Licence.objects.filter(pk=licence.pk, **before).update(**changed):
        raise RowMoved(licence)
    record(licence.business_unit, verb="licence_changed", by=by, at=at, licence=licence.pk, columns=sorted(changed))


@transaction.atomic
def remove_licence(licence: Licence, *, by: User, at: datetime) -> None:
    """Take a paper off the list that never was this unit's."""
    unit, kind, key = licence.business_unit, licence.kind, licence.pk
    _refuse_dismissed(unit)
    if not Licence.objects.filter(pk=key).delete()[0]:
        raise RowMoved(licence)
    record(unit, verb="licence_removed", by=by, at=at, licence=key, kind=kind)


@transaction.atomic
def add_product_unit(unit: BusinessUnit, *, name: str, pieces: int, by: User, at: datetime) -> ProductUnit:
    """Say how many pieces one lot of this unit is."""
    _refuse_dismissed(unit)
    lot = ProductUnit(business_unit=unit, name=lot_name(name), pieces=pieces)
    if lot.name in PIECES:
        raise ValidationError({"name": _("That is one piece for everyone; write down lots of several pieces.")})
    lot.full_clean()
    lot.save(force_insert=True)
    record(unit, verb="lot_added", by=by, at=at, lot=lot.pk, pieces=pieces)
    return lot


@transaction.atomic
def change_product_unit(lot: ProductUnit, *, pieces: int, by: User, at: datetime) -> None:
    """Correct how many pieces a lot is; what was counted in it is converted anew."""
    _refuse_dismissed(lot.business_unit)
    before, lot.pieces = lot.pieces, pieces
    if before == pieces:
        return
    lot.full_clean()
    if not ProductUnit.objects.filter(pk=lot.pk, pieces=before).update(pieces=pieces):
        raise RowMoved(lot)
    record(lot.business_unit, verb="lot_changed", by=by, at=at, lot=lot.pk, pieces=pieces)


@transaction.atomic
def remove_product_unit(lot: ProductUnit, *, by: User, at: datetime) -> None:
    """Forget a lot; quantities in it are then not converted."""
    unit, key = lot.business_unit, lot.pk
    _refuse_dismissed(unit)
    if not ProductUnit.objects.filter(pk=key).delete()[0]:
        raise RowMoved(lot)
    record(unit, verb="lot_removed", by=by, at=at, lot=key)


def _refuse_dismissed(unit: BusinessUnit) -> None:
    """Stop before anything is written about a unit that was left out."""
    if unit.is_dismissed:
        raise Refused(_("This unit was left out of the inventory and is not changed any more."))
