"""How the days that are kept free are narrowed; the same on pages and in the API."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, Filter, FilterSet

from almanac.models import CalendarBlock
from almanac.states import BlockKind
from common.filters import WordsFilter
from common.inputs import DayField
from villages.filters import SubtreeFilter
from villages.querysets import lineage, under


class HoldsFromFilter(Filter):
    """What still holds on that day, or later."""

    field_class = DayField

    def filter(self, rows: models.QuerySet[Any], value: date | None) -> models.QuerySet[Any]:
        """Leave out what ended before."""
        return rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=value)) if value else rows


class HoldsToFilter(Filter):
    """What holds on that day already, or earlier."""

    field_class = DayField

    def filter(self, rows: models.QuerySet[Any], value: date | None) -> models.QuerySet[Any]:
        """Leave out what begins later."""
        return rows.filter(starts_on__lte=value) if value else rows


class HoldsInFilter(SubtreeFilter):
    """What holds somewhere in a region: there, below it, or in all that it is part of."""

    def filter(self, rows: models.QuerySet[Any], value: str) -> models.QuerySet[Any]:
        """Leave out what holds elsewhere only."""
        above = Q(region__isnull=True) | Q(region__in=lineage(value))
        return rows.filter(above | under(value, field="region__code")) if value else rows


class CalendarBlockFilter(FilterSet):
    """Days that are kept free, by name, kind, place and time."""

    search = WordsFilter(columns=("name", "source"))
    kind = ChoiceFilter(choices=BlockKind.choices, label=_("Kind"))
    region = HoldsInFilter()
    locals()["from"] = HoldsFromFilter(field_name="ends_on", label=_("From"))  # a word of Python's own
    to = HoldsToFilter(field_name="starts_on", label=_("Until"))

    class Meta:
        """Declared above, nothing else."""

        model = CalendarBlock
        fields: tuple[str, ...] = ()
