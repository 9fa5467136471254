"""Exports by state, way, place, program, destination, code and day."""

from datetime import date
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, Filter, FilterSet, ModelChoiceFilter

from accounts.states import Role
from common.filters import IdFilter, WordsFilter
from common.inputs import DayField
from exports.countries import country_choices
from exports.models import ExportTransaction
from exports.rules import Can
from exports.states import Route, TransactionState
from exports.tariff import bare
from programs.filters import programs
from programs.models import Program
from villages.filters import SubtreeFilter, reader, villages
from villages.models import BusinessUnit, Village
from villages.states import ProductGroup, UnitKind

CODE = RegexValidator(r"^\d[\d. ]{0,11}$", _("Write the beginning of an HS code, such as 5208."))


class DayFilter(Filter):
    """Days on this side of a day, itself too: `lookup_expr` is `gte` or `lte`."""

    field_class = DayField

    def filter(self, rows: models.QuerySet[Any], value: date | None) -> models.QuerySet[Any]:
        """Keep them; no day keeps all."""
        return rows if value is None else rows.filter(**{f"{self.field_name}__{self.lookup_expr}": value})


class CodeFilter(CharFilter):
    """A code of the tariff book and everything below it: `52` is the whole chapter."""

    def filter(self, rows: models.QuerySet[Any], value: str) -> models.QuerySet[Any]:
        """Keep what begins so."""
        return rows.filter(hs_code__startswith=bare(value)) if value else rows


class ProgramFilter(ModelChoiceFilter):
    """What belongs to the villages of a program."""

    def filter(self, rows: models.QuerySet[Any], value: Program | None) -> models.QuerySet[Any]:
        """Keep it, each row once."""
        if value is None:
            return rows
        supported = Village.objects.filter(cohorts__program=value).order_by().values("pk")
        return rows.filter(**{f"{self.field_name}__in": supported})


class BuyerFilter(IdFilter):
    """What was sold to a buyer; who reads no buyers finds nothing by one."""

    def filter(self, rows: models.QuerySet[Any], value: int | None) -> models.QuerySet[Any]:
        """Keep it where this reader may look."""
        kept: models.QuerySet[Any] = super().filter(rows, value)
        return kept if value is None or reader(self.parent.request).has_perm(Can.READ_BUYER) else rows.none()


def exporters(request: HttpRequest | None) -> models.QuerySet[BusinessUnit]:
    """Offer those through whom goods went that this user sees; who only reads is offered no household's name."""
    if request is None:
        return BusinessUnit.objects.none()
    seen = ExportTransaction.objects.visible_to(reader(request)).filter(via__isnull=False).order_by()
    offered = BusinessUnit.objects.filter(pk__in=seen.values("via")).order_by("name", "pk")
    return offered.exclude(kind=UnitKind.HOUSEHOLD) if reader(request).role == Role.OBSERVER else offered


class ExportWordsFilter(WordsFilter):
    """Search; who only reads does not search in names of units, since a household's is a person's."""

    def filter(self, rows: models.QuerySet[Any], value: str) -> models.QuerySet[Any]:
        """Look where this reader may look."""
        user = reader(self.parent.request)
        named = "business_unit__name" if user.role != Role.OBSERVER else "product"
        self.columns = ("product", "reference", named)
        return super().filter(rows, value)


class TransactionFilter(FilterSet):
    """Exports by product and document, state, way, place, program, destination, code and day."""

    search = ExportWordsFilter(columns=("product", "reference"))
    state = ChoiceFilter(choices=TransactionState.choices, label=_("State"))
    route = ChoiceFilter(choices=Route.choices, label=_("Route"))
    village = ModelChoiceFilter(field_name="business_unit__village", queryset=villages, label=_("Village"))
    program = ProgramFilter(field_name="business_unit__village", queryset=programs, label=_("Program"))
    country = ChoiceFilter(choices=country_choices, label=_("Destination"))
    via = ModelChoiceFilter(queryset=exporters, label=_("Through which exporter"))
    product_group = ChoiceFilter(
        field_name="business_unit__product_group", choices=ProductGroup.choices, label=_("Product group")
    )
    hs_code = CodeFilter(label=_("HS code"), max_length=12, validators=[CODE])
    region = SubtreeFilter(field_name="business_unit__region__code")
    business_unit = IdFilter(field_name="business_unit_id", label=_("Business unit"))
    buyer = BuyerFilter(field_name="buyer_id", label=_("Buyer"))
    locals()["from"] = DayFilter(field_name="exported_on", lookup_expr="gte", label=_("From"))  # Python's own word
    to = DayFilter(field_name="exported_on", lookup_expr="lte", label=_("Until"))

    class Meta:
        """Declared above, nothing else."""

        model = ExportTransaction
        fields: tuple[str, ...] = ()
