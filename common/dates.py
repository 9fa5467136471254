"""Dates and times as Indonesians read and write them; one formatter and one parser for the whole house.

Django's `id` locale prints `9.00`, rejects `1 Oktober 2026` and reads `12/13/2026` as 13 December; so neither is used.
"""

import re
from datetime import UTC, date, datetime, time

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.zones import Zone, tz

DAYS = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "id": (
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
_SHORT = {"Agustus": "Agu", "Minggu": "Min"}
_SEPARATED = re.compile(r"(\d{1,2})[\s/.-]+(\d{1,2}|[a-z]+)[\s/.-]+(\d{4}|\d{2})", re.IGNORECASE)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_CLOCK = re.compile(r"(\d{1,2})[.:](\d{2})")


def _language() -> str:
    return "en" if (get_language() or "id").startswith("en") else "id"


def _shorten(word: str) -> str:
    return _SHORT.get(word, word[:3])


def weekday(day: date) -> str:
    """Name the day of the week, computed from the date."""
    return DAYS[_language()][day.weekday()]


def month_name(month: int) -> str:
    """Name a month, 1 to 12."""
    return MONTHS[_language()][month - 1]


def short_month(month: int) -> str:
    """Name a month in three letters, `Okt`, `Agu`."""
    return _shorten(month_name(month))


def long_date(day: date) -> str:
    """Write `Kamis, 1 Oktober 2026`."""
    return f"{weekday(day)}, {day.day} {month_name(day.month)} {day.year}"


def short_date(day: date) -> str:
    """Write `Kam, 1 Okt 2026`."""
    return f"{_shorten(weekday(day))}, {day.day} {_shorten(month_name(day.month))} {day.year}"


def written_date(day: date) -> str:
    """Write `1 Oktober 2026`, as under a signature."""
    return f"{day.day} {month_name(day.month)} {day.year}"


def span(first: date, last: date) -> str:
    """Write `1–3 Oktober 2026`, `28 September – 3 Oktober 2026`; one day is written once."""
    if first == last:
        return written_date(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{written_date(last)}"
    start = written_date(first) if first.year != last.year else f"{first.day} {month_name(first.month)}"
    return f"{start} – {written_date(last)}"


def day_month(day: date) -> str:
    """Write `Kamis, 1 Oktober`, for a place where the year is plain."""
    return f"{weekday(day)}, {day.day} {month_name(day.month)}"


def clock(moment: datetime | time) -> str:
    """Write `09.00`, always two digits and a dot."""
    return f"{moment.hour:02}.{moment.minute:02}"


def zone_label(zone: str) -> str:
    """Write WIB, WITA or WIT."""
    return str(Zone(zone).label)


def at_clock(moment: datetime, zone: str) -> str:
    """Write `09.00 WITA` in the zone of the place."""
    return f"{clock(moment.astimezone(tz(zone)))} {zone_label(zone)}"


def clock_range(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """Write `09.00–11.30 WITA`; the end names its day when it is another one."""
    start, end = starts_at.astimezone(tz(zone)), ends_at.astimezone(tz(zone))
    until = clock(end) if start.date() == end.date() else f"{short_date(end.date())} {clock(end)}"
    return f"{clock(start)}–{until} {zone_label(zone)}"


def local_date(moment: datetime, zone: str) -> date:
    """Tell the calendar day of a moment at the place."""
    return moment.astimezone(tz(zone)).date()


def local_moment(day: date, at: time, zone: str) -> datetime:
    """Put a day and a wall-clock time of the place on the one time line (UTC is for storage)."""
    return datetime.combine(day, at, tzinfo=tz(zone))


def _month_number(word: str) -> int:
    if word.isdigit():
        return int(word)
    low = word.lower()
    for names in MONTHS.values():
        for number, name in enumerate(names, start=1):
            if low in (name.lower(), _shorten(name).lower(), name[:3].lower()):
                return number
    return 0


def parse_date(text: str) -> date:
    """Read `1/10/2026`, `1-10-26`, `1 Okt 2026` or `2026-10-01`; day first, anything else is a ValidationError."""
    trimmed = text.strip()
    try:
        if _ISO.fullmatch(trimmed):
            return date.fromisoformat(trimmed)
        found = _SEPARATED.fullmatch(trimmed)
        if found:
            day, month, year = found.groups()
            return date(int(year) + (2000 if len(year) == 2 else 0), _month_number(month), int(day))  # noqa: PLR2004
    except ValueError:
        pass
    raise ValidationError(
        _("Write the date as day, month, year, for example 1/10/2026 or 1 Oktober 2026."), code="date"
    )


def parse_clock(text: str) -> time:
    """Read `9.00`, `09:00`; anything else is a ValidationError."""
    found = _CLOCK.fullmatch(text.strip())
    try:
        if found:
            return time(int(found[1]), int(found[2]))
    except ValueError:
        pass
    raise ValidationError(_("Write the time as hour and minute, for example 09.00."), code="time")


def utc_text(moment: datetime) -> str:
    """Write a moment for a program: ISO 8601 in UTC, as `2026-10-01T03:00:00Z`."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
