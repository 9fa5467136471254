"""Filters that no input can break: bounded numbers, bounded words."""

from datetime import date, time, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, Filter

from common.dates import local_moment
from common.fields import refuse_control_characters
from common.inputs import DayField
from common.zones import Zone

LARGEST_ID = (1 << 63) - 1
MOST_LETTERS = 200
MOST_WORDS = 8
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)


class WordsFilter(CharFilter):
    """Search: every word must occur in one of the columns, in any order and any case."""

    def __init__(self, *, columns: tuple[str, ...], **options: Any) -> None:
        """Take the columns to search; only ones whose content the reader may see."""
        options.setdefault("label", _("Search"))
        super().__init__(max_length=MOST_LETTERS, validators=[refuse_control_characters], **options)
        self.columns = columns

    def filter(self, rows: models.QuerySet[Any], value: str) -> models.QuerySet[Any]:
        """Keep the rows that have every word; words beyond the eighth are not looked at."""
        for word in value.split()[:MOST_WORDS]:
            rows = rows.filter(reduce(or_, (Q(**{f"{column}__icontains": word}) for column in self.columns)))
        return rows


class YesNoFilter(BooleanFilter):
    """Yes, no, or no matter; an unset one says so."""

    def __init__(self, **options: Any) -> None:
        """Offer the three answers in words."""
        options.setdefault("widget", forms.Select(choices=[("", _("All")), ("true", _("Yes")), ("false", _("No"))]))
        super().__init__(**options)


class IdFilter(Filter):
    """A key: whole, positive, and small enough for PostgreSQL."""

    field_class = forms.IntegerField

    def __init__(self, **options: Any) -> None:
        """Bound the number."""
        super().__init__(min_value=1, max_value=LARGEST_ID, **options)


class FromDayFilter(Filter):
    """Moments on that day or later (days of western Indonesia)."""

    field_class = DayField
    later = timedelta(0)
    side = "gte"

    def filter(self, rows: models.QuerySet[Any], value: date | None) -> models.QuerySet[Any]:
        """Keep what lies on this side of the day."""
        if value is None:
            return rows
        day = min(max(value, FIRST_DAY), LAST_DAY) + self.later
        return rows.filter(**{f"{self.field_name}__{self.side}": local_moment(day, time.min, Zone.WIB)})


class ToDayFilter(FromDayFilter):
    """Moments on that day or earlier."""

    later = timedelta(days=1)
    side = "lt"
