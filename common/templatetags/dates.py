"""The formatter of `common.dates` and `common.numbers`, for templates."""

from datetime import date, datetime

from django import template

from common import dates, numbers, phones

register = template.Library()

register.filter("rupiah", numbers.rupiah)
register.filter("number", numbers.number)
register.filter("mask_phone", phones.mask_phone)
register.filter("local_phone", phones.local_phone)
register.filter("clock", dates.at_clock)
register.filter("month_name", dates.month_name)
register.filter("weekday", dates.weekday)


def _day(moment: date | datetime, zone: str) -> date:
    return dates.local_date(moment, zone) if isinstance(moment, datetime) else moment


@register.filter
def long_date(moment: date | datetime | None, zone: str = "Asia/Jakarta") -> str:
    """Write `Kamis, 1 Oktober 2026`, of a date or of a moment in its zone."""
    return dates.long_date(_day(moment, zone)) if moment else ""


@register.filter
def short_date(moment: date | datetime | None, zone: str = "Asia/Jakarta") -> str:
    """Write `Kam, 1 Okt 2026`."""
    return dates.short_date(_day(moment, zone)) if moment else ""


@register.filter
def day_month(moment: date | datetime | None, zone: str = "Asia/Jakarta") -> str:
    """Write `Kamis, 1 Oktober`."""
    return dates.day_month(_day(moment, zone)) if moment else ""


@register.filter
def moment(at: datetime | None, zone: str = "Asia/Jakarta") -> str:
    """Write `Kam, 1 Okt 2026 09.00 WIB`."""
    return f"{short_date(at, zone)} {dates.at_clock(at, zone)}" if at else ""


@register.simple_tag
def hours(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """Write `09.00–11.30 WITA`."""
    return dates.clock_range(starts_at, ends_at, zone)
