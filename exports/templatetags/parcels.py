"""Words about parcels and claims: `{{ shipment.country|country }}`, `{{ sample.quantity|amount }}`, days that pass."""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils.timezone import localdate, now
from django.utils.translation import ngettext

from common.numbers import number
from exports.countries import country_name
from exports.worklist import PATIENCE, days_since

register = template.Library()

register.filter("country", country_name)


@register.filter
def amount(value: Decimal) -> str:
    """Write a quantity with as many decimals as it has: `2`, `1,5`."""
    places = max(0, -int(value.normalize().as_tuple().exponent))
    return number(value, places)


@register.filter
def days(count: int | None) -> str:
    """Write `4 days`, `today`."""
    if count is None:
        return ""
    return ngettext("%(n)s day", "%(n)s days", count) % {"n": number(count)}


@register.filter
def waited(moment: datetime) -> str:
    """Write for how many days something waits, in days of western Indonesia."""
    return days(days_since(moment, at=now()))


@register.filter
def passed(day: date) -> str:
    """Write how many days ago a day was."""
    return days((localdate() - day).days)


@register.filter
def too_long(moment: datetime) -> bool:
    """Tell whether that is longer than it should be."""
    return days_since(moment, at=now()) > PATIENCE
