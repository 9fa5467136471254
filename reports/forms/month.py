"""A month, chosen by its name."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.dates import month_name

OFFERED = 24  # months back
MONTH = re.compile(r"(20[0-9]{2}|21[0-9]{2})-(0[1-9]|1[0-2])")


class MonthField(forms.CharField):
    """A month, chosen by its name, written `2026-10`."""

    widget = forms.Select

    def to_python(self, value: Any) -> Any:
        """Read the first day of the month."""
        text = str(value or "").strip()
        if not text:
            return None
        found = MONTH.fullmatch(text)
        if found is None:
            raise ValidationError(_("Write the month as 2026-10."), code="month")
        return date(int(found[1]), int(found[2]), 1)

    def offer(self, today: date) -> list[tuple[str, str]]:
        """Offer this month and the two years before it, the latest first."""
        months = [_back(today, count) for count in range(OFFERED)]
        offered = [(f"{each:%Y-%m}", f"{month_name(each.month)} {each.year}") for each in months]
        widget: Any = self.widget
        widget.choices = offered
        return offered


def _back(day: date, count: int) -> date:
    """Go so many months back, to the first day."""
    months = day.year * 12 + day.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)
