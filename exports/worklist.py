"""What waits for whose hand and since when: piles by state and age, for pages, the home page and the digest."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db import models
from django.db.models import Count, DecimalField, Min, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.dates import local_date, local_moment
from common.zones import Zone
from exports.models import SubsidyClaim
from exports.querysets import ClaimQuerySet
from exports.states import WAITING, ClaimState

PATIENCE: Final = 3  # days


class Age(models.TextChoices):
    """Since how many days a claim is where it is."""

    FRESH = "fresh", pgettext_lazy("waiting", "up to 3 days")
    WEEK = "week", pgettext_lazy("waiting", "4 to 7 days")
    FORTNIGHT = "fortnight", pgettext_lazy("waiting", "8 to 14 days")
    LONGER = "longer", pgettext_lazy("waiting", "more than 14 days")


AGES: Final = Age.choices
BOUNDS: Final[dict[Age, tuple[int, int | None]]] = {
    Age.FRESH: (0, PATIENCE),
    Age.WEEK: (PATIENCE + 1, 7),
    Age.FORTNIGHT: (8, 14),
    Age.LONGER: (15, None),
}
TURNS: Final = {
    ClaimState.SUBMITTED: _("to be verified"),
    ClaimState.VERIFIED: _("to be approved"),
    ClaimState.APPROVED: _("to be paid"),
    ClaimState.RETURNED: _("to be completed by who handed it in"),
}


@dataclass(frozen=True)
class Pile:
    """The claims of one state: how many, how much, since when, and how many of each age."""

    state: ClaimState
    count: int
    amount: Decimal
    oldest: int | None  # days
    ages: tuple[tuple[Age, int], ...]

    @property
    def turn(self) -> str:
        """Say what these claims wait for."""
        return str(TURNS[self.state])

    @property
    def late(self) -> bool:
        """Tell whether one of them waits longer than it should."""
        return self.oldest is not None and self.oldest > PATIENCE


def days_since(moment: datetime, *, at: datetime) -> int:
    """Count the midnights of western Indonesia since then."""
    return (local_date(at, Zone.WIB) - local_date(moment, Zone.WIB)).days


def of_age(age: Age, *, at: datetime) -> Q:
    """Match the claims that are in their state for so many days."""
    least, most = BOUNDS[age]
    matched = Q(moved_at__lt=_midnight(at, 1 - least))
    return matched if most is None else matched & Q(moved_at__gte=_midnight(at, -most))


def overdue_claims(at: datetime) -> ClaimQuerySet[SubsidyClaim]:
    """Keep the claims that wait longer than three days."""
    return SubsidyClaim.objects.waiting().filter(moved_at__lt=_midnight(at, -PATIENCE))


def _midnight(at: datetime, days: int) -> datetime:
    return local_moment(local_date(at, Zone.WIB) + timedelta(days=days), time.min, Zone.WIB)


def piles(claims: models.QuerySet[SubsidyClaim], *, at: datetime) -> list[Pile]:
    """Count what waits, state by state in the order of the work; one query."""
    owed = Coalesce("approved_amount", "requested", output_field=DecimalField())
    ages = {age.value: Count("pk", filter=of_age(age, at=at)) for age in Age}
    rows = claims.filter(state__in=WAITING).order_by().values("state")
    counted = rows.annotate(n=Count("pk"), owed=Sum(owed), first=Min("moved_at"), **ages)
    found: dict[str, dict[str, Any]] = {row["state"]: dict(row) for row in counted}
    return [_pile(state, found.get(state), at=at) for state in WAITING]


def _pile(state: ClaimState, row: dict[str, Any] | None, *, at: datetime) -> Pile:
    if row is None:
        return Pile(state, 0, Decimal(0), None, tuple((age, 0) for age in Age))
    ages = tuple((age, row[age.value]) for age in Age)
    return Pile(state, row["n"], row["owed"], days_since(row["first"], at=at), ages)
