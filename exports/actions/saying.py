"""What people type about a claim or a parcel, checked before it is written."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from common.dates import local_date
from villages.models import BusinessUnit


def clean(model: type[models.Model], name: str, value: object) -> object:
    """Give a column's value as it is kept, or say beside its name what is wrong; an empty text is not enough."""
    field = model._meta.get_field(name)
    given = value.strip() if isinstance(value, str) else value
    if given == "":
        raise ValidationError({name: _("Write something here.")})
    try:
        return field.clean(given, None)  # type: ignore[union-attr]
    except ValidationError as error:
        raise ValidationError({name: error.messages}) from None


def refuse_later(name: str, day: date, unit: BusinessUnit, *, at: datetime) -> None:
    """Refuse a day that is still to come where the unit is."""
    if day > local_date(at, unit.region.zone):
        raise ValidationError({name: _("This day is still to come.")})


def refuse_unknown(columns: object, known: frozenset[str], what: str) -> None:
    """Stop a programmer who names a column that is not offered."""
    if unknown := set(columns) - known:  # type: ignore[call-overload]
        raise TypeError(f"{what} has no {', '.join(sorted(unknown))}")
