"""Words about trade: `{{ export.value|money:export.currency }}`, countries, codes of the tariff book."""

from decimal import Decimal

from django import template
from django.utils.translation import gettext as _

from common.dates import span
from common.numbers import number
from exports.countries import country_name
from exports.currencies import RUPIAH
from exports.models import RegionFigure
from exports.tariff import dotted

register = template.Library()

register.filter("country", country_name)
register.filter("tariff", dotted)
TRILLION, BILLION, MILLION = Decimal(10**12), Decimal(10**9), Decimal(10**6)


@register.filter
def exact(value: Decimal | int | None) -> str:
    """Write a number with as many decimals as it has: `2`, `1,5`."""
    if value is None:
        return ""
    plain = Decimal(value).normalize()
    return number(plain, max(0, -int(plain.as_tuple().exponent)))


@register.filter
def money(value: Decimal, currency: str = RUPIAH) -> str:
    """Write `USD 12.000,50`, or `Rp1.234.567`."""
    return f"Rp{exact(value)}" if currency == RUPIAH else f"{currency} {exact(value)}"


@register.filter
def shortly(value: Decimal, currency: str = RUPIAH) -> str:
    """Write a large sum as people say it, `Rp1,8 trillion`, with at most two decimals, cut, never rounded up."""
    sign = "Rp" if currency == RUPIAH else f"{currency} "
    for size, words in (
        (TRILLION, _("%(n)s trillion")),
        (BILLION, _("%(n)s billion")),
        (MILLION, _("%(n)s million")),
    ):
        if abs(value) >= size:
            return sign + words % {"n": exact((value / size).quantize(Decimal("0.01"), rounding="ROUND_DOWN"))}
    return money(value, currency)


@register.simple_tag
def figure_period(figure: RegionFigure) -> str:
    """Write `2021` of a whole year, and else its days."""
    first, last = figure.starts_on, figure.ends_on
    whole = first.year == last.year and (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
    return str(first.year) if whole else span(first, last)
