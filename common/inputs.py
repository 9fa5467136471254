"""Form fields that read dates and times as Indonesians write them, with the phone's own pickers."""

from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common.dates import parse_clock, parse_date

EARLIEST, LATEST = 1900, 2200  # as in the API: beyond, a moment may not be read back from the database


class DayInput(forms.DateInput):
    """The browser's own date picker; it sends and wants ISO dates."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        """Write the value as the picker wants it."""
        super().__init__(attrs, format="%Y-%m-%d")


class ClockInput(forms.TimeInput):
    """The browser's own time picker."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        """Write the value as the picker wants it."""
        super().__init__(attrs, format="%H:%M")


class DayField(forms.Field):
    """A calendar day, from the picker or typed: `1/10/2026`, `1 Okt 2026`; month-first is refused."""

    widget = DayInput

    def to_python(self, value: object) -> date | None:
        """Read the day."""
        if value in self.empty_values or isinstance(value, date):
            return value or None  # type: ignore[return-value]
        day = parse_date(str(value))
        if not EARLIEST <= day.year <= LATEST:
            raise ValidationError(_("Write a year between 1900 and 2200."), code="range")
        return day


class ClockField(forms.Field):
    """A wall-clock time, `9.00` or `09:00`."""

    widget = ClockInput

    def to_python(self, value: object) -> time | None:
        """Read the time."""
        if value in self.empty_values or isinstance(value, time):
            return value or None  # type: ignore[return-value]
        return parse_clock(str(value))
