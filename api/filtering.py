"""The page's own FilterSet, guarded: known names, short values, dates within the ages."""

from datetime import UTC, date, datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django_filters import FilterSet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from api.fields import EARLIEST, LATEST
from api.paging import KeysetPagination
from api.parsers import keepable

LONGEST = 500
TERMS = 8
INTEGERS = 2**63


class GuardedFilters(DjangoFilterBackend):
    """Refuses what no filter means, before the database sees it."""

    def filter_queryset(self, request: Request, queryset: models.QuerySet[Any], view: Any) -> models.QuerySet[Any]:
        """Return what the filters keep; a wrong name or value is a ValidationError."""
        filterset = self.get_filterset(request, queryset, view)
        known = set(filterset.filters) if filterset else set()
        _look(request, known | set(KeysetPagination.understood))
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise ValidationError(filterset.errors)
        _bound(filterset)
        kept: models.QuerySet[Any] = filterset.qs
        return kept

    def get_filterset_class(self, view: Any, queryset: models.QuerySet[Any] | None = None) -> type[FilterSet] | None:
        """Filter lists, and what a view answers over them (`also_filtered`); any other answer is not a list."""
        narrowed = ("list", *getattr(view, "also_filtered", ()))
        return super().get_filterset_class(view, queryset) if getattr(view, "action", "list") in narrowed else None


def _look(request: Request, known: set[str]) -> None:
    """Refuse names that nothing here understands, and values that nobody types."""
    for name, values in request.query_params.lists():
        if name not in known:
            raise ValidationError({name[:80]: [_("There is no such filter.")]})
        if sum(map(len, values)) > LONGEST:
            raise ValidationError({name: [_("At most 500 characters.")]})
        for value in values:
            keepable(value)
    if len(request.query_params.get("search", "").split()) > TERMS:
        raise ValidationError({"search": [_("At most eight words.")]})


def _bound(filterset: FilterSet) -> None:
    """Bring moments to UTC, and refuse numbers and days out of bounds."""
    for name, value in filterset.form.cleaned_data.items():
        if isinstance(value, date) and not EARLIEST <= value.year <= LATEST:
            raise ValidationError({name: [_("Write a year between 1900 and 2200.")]})
        if isinstance(value, datetime):
            filterset.form.cleaned_data[name] = value.astimezone(UTC)
        if _is_number(value) and not -INTEGERS < value < INTEGERS:
            raise ValidationError({name: [_("A value is out of bounds.")]})


def _is_number(value: object) -> bool:
    return hasattr(value, "as_integer_ratio") and not isinstance(value, bool)
