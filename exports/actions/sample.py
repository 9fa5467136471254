"""Samples are written down as they are made, and wait until they travel."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import Refused, RowMoved
from common.events import record
from exports.actions.saying import refuse_unknown
from exports.models import Sample
from villages.models import BusinessUnit

COLUMNS = frozenset({"product", "quantity", "unit", "remark"})


@transaction.atomic
def register_sample(
    *, business_unit: BusinessUnit, product: str, quantity: Decimal, unit: str, by: User, at: datetime, remark: str = ""
) -> Sample:
    """Write a sample down; it waits to be sent."""
    sample = Sample(business_unit=business_unit, product=product, quantity=quantity, unit=unit, remark=remark)
    sample.started_at, sample.started_by = at, by
    sample.full_clean(exclude={"business_unit", "started_by"})
    sample.save(force_insert=True)
    record(sample, verb="registered", by=by, at=at, business_unit=business_unit.pk)
    return sample


@transaction.atomic
def change_sample(sample: Sample, *, by: User, at: datetime, **columns: Any) -> None:
    """Correct a sample that still waits; one that travelled stays as it was sent."""
    refuse_unknown(columns, COLUMNS, "a sample")
    if sample.shipment_id is not None:
        raise Refused(_("This sample was sent and can no longer be changed."))
    changed = {column: value for column, value in columns.items() if getattr(sample, column) != value}
    for column, value in changed.items():
        setattr(sample, column, value)
    sample.full_clean(exclude={"business_unit", "started_by"})
    if not changed:
        return
    if not Sample.objects.filter(pk=sample.pk, shipment__isnull=True).update(**changed):
        raise RowMoved(sample)
    record(sample, verb="changed", by=by, at=at, columns=sorted(changed))
