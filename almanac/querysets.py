"""Scopes over the days that are kept free."""

from collections.abc import Iterable
from datetime import date
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from accounts.models import User
from villages.querysets import lineage

Row = TypeVar("Row", bound=models.Model)


class CalendarBlockQuerySet(models.QuerySet[Row]):
    """Blocks: shared by all programs, because a day is kept free for everyone who would plan on it."""

    def visible_to(self, user: User) -> Self:
        """Show them to everyone who may sign in."""
        return self if user.is_active else self.none()

    def within(self, start: date, end: date) -> Self:
        """Keep what may hold on a day from start to end, both included."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=start), starts_on__lte=end)

    def holding_in(self, codes: Iterable[str]) -> Self:
        """Keep what holds in one of these regions: the whole country's, and that of each region it is part of."""
        above = {part for code in codes for part in lineage(code)}
        return self.filter(Q(region__isnull=True) | Q(region__in=above))
