"""Samples and shipments by unit, village, and how far they are."""

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, DateFilter, FilterSet, ModelChoiceFilter

from common.filters import WordsFilter, YesNoFilter
from common.inputs import DayField
from exports.models import Sample, Shipment
from exports.states import Answer
from villages.filters import SubtreeFilter, reader, villages
from villages.models import BusinessUnit


def units(request: HttpRequest | None) -> models.QuerySet[BusinessUnit]:
    """Offer the business units this user sees."""
    seen = BusinessUnit.objects.visible_to(reader(request)) if request else BusinessUnit.objects.none()
    return seen.order_by("name", "pk")


class DayFilter(DateFilter):
    """A calendar day, written as Indonesians do."""

    field_class = DayField


class SampleFilter(FilterSet):
    """Samples by what they are, whose, and whether they have left."""

    search = WordsFilter(columns=("product", "business_unit__name"))
    sent = YesNoFilter(field_name="shipment", lookup_expr="isnull", exclude=True, label=_("Sent"))
    business_unit = ModelChoiceFilter(queryset=units, label=_("Business unit"))
    village = ModelChoiceFilter(field_name="business_unit__village", queryset=villages, label=_("Village"))
    region = SubtreeFilter(field_name="business_unit__region__code")

    class Meta:
        """Declared above, nothing else."""

        model = Sample
        fields: tuple[str, ...] = ()


class ShipmentFilter(FilterSet):
    """Shipments by waybill, unit, place, what the buyer said, and day."""

    search = WordsFilter(columns=("waybill", "courier", "business_unit__name"))
    answer = ChoiceFilter(choices=Answer.choices, label=_("What the buyer said"))
    business_unit = ModelChoiceFilter(queryset=units, label=_("Business unit"))
    village = ModelChoiceFilter(field_name="business_unit__village", queryset=villages, label=_("Village"))
    region = SubtreeFilter(field_name="business_unit__region__code")
    locals()["from"] = DayFilter(field_name="shipped_on", lookup_expr="gte", label=_("From"))  # a word of Python's own
    to = DayFilter(field_name="shipped_on", lookup_expr="lte", label=_("Until"))

    class Meta:
        """Declared above, nothing else."""

        model = Shipment
        fields: tuple[str, ...] = ()
