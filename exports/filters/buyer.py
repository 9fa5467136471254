"""Buyers, and what units and they have come to."""

from typing import Any

from django.db import models
from django.http import QueryDict
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter

from common.filters import IdFilter, WordsFilter, YesNoFilter
from exports.countries import country_choices
from exports.models import Buyer, Lead
from exports.states import BuyerKind, LeadState
from villages.filters import SubtreeFilter, villages


class BuyerFilter(FilterSet):
    """Buyers by name and what they look for, kind and country."""

    search = WordsFilter(columns=("name", "city", "wants"))
    kind = ChoiceFilter(choices=BuyerKind.choices, label=_("Kind"))
    country = ChoiceFilter(choices=country_choices, label=_("Country"))

    class Meta:
        """Declared above, nothing else."""

        model = Buyer
        fields: tuple[str, ...] = ()


class LeadFilter(FilterSet):
    """Leads by unit and buyer, state, place, country, and whether their next step is overdue."""

    search = WordsFilter(columns=("buyer__name", "business_unit__name", "next_step"))
    state = ChoiceFilter(choices=LeadState.choices, label=_("State"))
    open = YesNoFilter(method="by_open", label=_("Goes on"))
    overdue = YesNoFilter(method="by_overdue", label=_("Next step overdue"))
    village = ModelChoiceFilter(field_name="business_unit__village", queryset=villages, label=_("Village"))
    country = ChoiceFilter(field_name="buyer__country", choices=country_choices, label=_("Country"))
    region = SubtreeFilter(field_name="business_unit__region__code")
    business_unit = IdFilter(field_name="business_unit_id", label=_("Business unit"))
    buyer = IdFilter(field_name="buyer_id", label=_("Buyer"))

    class Meta:
        """Declared above, nothing else."""

        model = Lead
        fields: tuple[str, ...] = ()

    def by_open(self, leads: models.QuerySet[Lead], _name: str, wanted: bool) -> models.QuerySet[Lead]:  # noqa: FBT001  django-filter calls it so
        """Keep what goes on, or what was given up."""
        return leads.exclude(state=LeadState.LOST) if wanted else leads.filter(state=LeadState.LOST)

    def by_overdue(self, leads: models.QuerySet[Lead], _name: str, wanted: bool) -> models.QuerySet[Lead]:  # noqa: FBT001  django-filter calls it so
        """Keep the leads whose next step should have been taken by now, or the others."""
        late = models.Q(next_on__lt=localdate()) & ~models.Q(state=LeadState.LOST)
        return leads.filter(late) if wanted else leads.exclude(pk__in=Lead.objects.filter(late).values("pk"))


class LeadWorkFilter(LeadFilter):
    """The same on the page: what goes on, unless a state is asked for."""

    def __init__(self, data: Any = None, *args: Any, **given: Any) -> None:
        """Begin with what goes on."""
        chosen = data.copy() if data is not None else QueryDict(mutable=True)
        if not chosen.get("state"):
            chosen.setdefault("open", "true")
        super().__init__(chosen, *args, **given)
