"""Schemes, claims and lines of the ledger."""

from django.db import models
from django.http import HttpRequest
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter

from common.filters import FromDayFilter, IdFilter, ToDayFilter, WordsFilter
from exports.models import BudgetEntry, SubsidyClaim, SubsidyScheme
from exports.states import WAITING, ClaimState, EntryKind, SchemeState
from exports.worklist import AGES, Age, of_age
from programs.filters import programs
from programs.models import Cohort
from villages.filters import SubtreeFilter, reader, villages


def schemes(request: HttpRequest | None) -> models.QuerySet[SubsidyScheme]:
    """Offer the schemes this user sees."""
    seen = SubsidyScheme.objects.visible_to(reader(request)) if request else SubsidyScheme.objects.none()
    return seen.order_by("name", "pk")


def cohorts(request: HttpRequest | None) -> models.QuerySet[Cohort]:
    """Offer the cohorts this user sees."""
    return Cohort.objects.visible_to(reader(request)).order_by("name", "pk") if request else Cohort.objects.none()


class SchemeFilter(FilterSet):
    """Schemes by program and state."""

    state = ChoiceFilter(choices=SchemeState.choices, label=_("State"))
    program = ModelChoiceFilter(queryset=programs, label=_("Program"))

    class Meta:
        """Declared above, nothing else."""

        model = SubsidyScheme
        fields: tuple[str, ...] = ()


class ClaimFilter(FilterSet):
    """Claims by waybill and unit, state, program, scheme, place and when they were begun."""

    search = WordsFilter(columns=("shipment__waybill", "business_unit__name", "payment_reference"))
    state = ChoiceFilter(choices=ClaimState.choices, label=_("State"))
    program = ModelChoiceFilter(queryset=programs, label=_("Program"))
    scheme = ModelChoiceFilter(queryset=schemes, label=_("Scheme"))
    village = ModelChoiceFilter(field_name="business_unit__village", queryset=villages, label=_("Village"))
    cohort = ModelChoiceFilter(queryset=cohorts, label=_("Cohort"))
    business_unit = IdFilter(field_name="business_unit_id", label=_("Business unit"))
    region = SubtreeFilter(field_name="business_unit__region__code")
    locals()["from"] = FromDayFilter(field_name="started_at", label=_("From"))  # a word of Python's own
    to = ToDayFilter(field_name="started_at", label=_("Until"))

    class Meta:
        """Declared above, nothing else."""

        model = SubsidyClaim
        fields: tuple[str, ...] = ()


class WaitingFilter(FilterSet):
    """Claims that wait, by whose hand they wait for and since how long."""

    state = ChoiceFilter(choices=[(state.value, state.label) for state in WAITING], label=_("State"))
    age = ChoiceFilter(choices=AGES, method="by_age", label=_("Waiting for"))
    program = ModelChoiceFilter(queryset=programs, label=_("Program"))

    class Meta:
        """Declared above, nothing else."""

        model = SubsidyClaim
        fields: tuple[str, ...] = ()

    def by_age(self, claims: models.QuerySet[SubsidyClaim], _name: str, wanted: str) -> models.QuerySet[SubsidyClaim]:
        """Keep those that are in their state for so many days."""
        return claims.filter(of_age(Age(wanted), at=now()))


class EntryFilter(FilterSet):
    """Lines of the ledger by what they do and when."""

    kind = ChoiceFilter(choices=EntryKind.choices, label=_("Line"))
    locals()["from"] = FromDayFilter(field_name="at", label=_("From"))  # a word of Python's own
    to = ToDayFilter(field_name="at", label=_("Until"))

    class Meta:
        """Declared above, nothing else."""

        model = BudgetEntry
        fields: tuple[str, ...] = ()


class LedgerFilter(EntryFilter):
    """The same over every program, or of one."""

    program = ModelChoiceFilter(queryset=programs, label=_("Program"))
