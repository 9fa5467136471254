"""How lists of frozen reports are narrowed; the same on pages and in the API."""

from django.utils.translation import gettext_lazy as _
from django_filters import Filter, FilterSet, ModelChoiceFilter

from common.inputs import DayField
from programs.filters import programs
from reports.models import RegionReport
from villages.filters import SubtreeFilter


class MonthBound(Filter):
    """Months that begin on that day or on one side of it."""

    field_class = DayField


class RegionReportFilter(FilterSet):
    """Frozen reports by region, program and month."""

    region = SubtreeFilter(field_name="region__code")
    program = ModelChoiceFilter(queryset=programs, label=_("Program"))
    locals()["from"] = MonthBound(field_name="month", lookup_expr="gte", label=_("From"))  # a word of Python's own
    to = MonthBound(field_name="month", lookup_expr="lte", label=_("Until"))

    class Meta:
        """Declared above, nothing else."""

        model = RegionReport
        fields: tuple[str, ...] = ()
