"""Published figures by region, words and period; those taken back only when asked for."""

from typing import Any

from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet

from common.filters import WordsFilter, YesNoFilter
from exports.filters.export import DayFilter
from exports.models import RegionFigure
from villages.filters import SubtreeFilter


class FigureFilter(FilterSet):
    """Figures by source and population, region, the days they speak of, and whether they were taken back."""

    search = WordsFilter(columns=("source", "population", "region__name"))
    region = SubtreeFilter(field_name="region__code")
    locals()["from"] = DayFilter(field_name="ends_on", lookup_expr="gte", label=_("From"))  # a word of Python's own
    to = DayFilter(field_name="starts_on", lookup_expr="lte", label=_("Until"))
    withdrawn = YesNoFilter(method="by_withdrawn", label=_("Taken back"))

    class Meta:
        """Declared above, nothing else."""

        model = RegionFigure
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any = None, *args: Any, **given: Any) -> None:
        """Begin with what stands."""
        chosen = data.copy() if data is not None else QueryDict(mutable=True)
        chosen.setdefault("withdrawn", "false")
        super().__init__(chosen, *args, **given)

    def by_withdrawn(self, rows: models.QuerySet[RegionFigure], _name: str, wanted: bool) -> Any:  # noqa: FBT001  django-filter calls it so
        """Keep what was taken back, or what stands."""
        return rows.filter(withdrawn_at__isnull=not wanted)
