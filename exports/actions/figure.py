"""Figures that others published: entered with source and period, taken back when they were a mistake."""

from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import Refused, RowMoved
from common.events import record
from exports.actions.columns import correct, known
from exports.currencies import check_currency
from exports.models import RegionFigure

COLUMNS: Final = frozenset(
    {
        *("region", "starts_on", "ends_on", "value", "currency", "units", "centres", "countries", "continents"),
        *("products", "population", "source", "source_url", "remark"),
    }
)
MOST_CONTINENTS: Final = 7
MOST_COUNTRIES: Final = 249


@transaction.atomic
def enter_figure(*, by: User, at: datetime, **columns: Any) -> RegionFigure:
    """Keep what a source published about a region and a period, as it says it."""
    figure = RegionFigure(**_whole(columns), entered_at=at, entered_by=by)
    _refuse_beyond(figure)
    figure.full_clean()
    figure.save(force_insert=True)
    record(figure, verb="entered", by=by, at=at, region=figure.region_id)
    return figure


@transaction.atomic
def change_figure(figure: RegionFigure, *, by: User, at: datetime, **columns: Any) -> None:
    """Correct a figure that was copied wrongly; one that was taken back stays as it was."""
    if figure.withdrawn_at is not None:
        raise Refused(_("This figure was taken back. Enter the right one anew."))
    given = _whole({"currency": figure.currency, "value": figure.value, **columns})
    _refuse_beyond(RegionFigure(**{name: given.get(name, getattr(figure, name)) for name in COLUMNS}))
    if changed := correct(figure, given):
        record(figure, verb="changed", by=by, at=at, columns=changed)


@transaction.atomic
def withdraw_figure(figure: RegionFigure, *, by: User, at: datetime) -> None:
    """Take a figure back as a mistake; it stays readable among those taken back."""
    standing = RegionFigure.objects.standing().filter(pk=figure.pk)
    if not standing.update(withdrawn_at=at, withdrawn_by=by):
        raise RowMoved(figure)
    figure.refresh_from_db(fields=["withdrawn_at", "withdrawn_by"])
    record(figure, verb="withdrawn", by=by, at=at, region=figure.region_id)


def _whole(columns: dict[str, Any]) -> dict[str, Any]:
    """Leave the currency out where there is no value, and empty lines out of the products."""
    given = known(columns, COLUMNS)
    if given.get("value") is None and "value" in given:
        given["currency"] = ""
    if "products" in given:
        given["products"] = [product.strip() for product in given["products"] or [] if product.strip()]
    return given


def _refuse_beyond(figure: RegionFigure) -> None:
    """Refuse a currency that is none, and more countries or continents than there are."""
    if figure.currency:
        check_currency(figure.currency)
    for name, most in (("countries", MOST_COUNTRIES), ("continents", MOST_CONTINENTS)):
        if (getattr(figure, name) or 0) > most:
            raise ValidationError({name: _("There are no more than %(most)d.") % {"most": most}}, code="most")
