"""Scopes over claims, samples, buyers and exports, in the field's words."""

from datetime import date
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.states import Role
from common.moves import StatefulQuerySet
from exports.states import (
    CLAIM_MOVES,
    DELIVERED,
    LEAD_MOVES,
    SCHEME_MOVES,
    STANDING,
    TRANSACTION_MOVES,
    WAITING,
    ClaimState,
    SchemeState,
    TransactionState,
)
from villages.querysets import observed_by

Row = TypeVar("Row", bound=models.Model)


class OfUnitQuerySet(models.QuerySet[Row]):
    """Rows of one business unit that are seen by who works there; an observer reads figures instead."""

    def visible_to(self, user: User) -> Self:
        """Show what belongs to a visible unit."""
        if user.role == Role.OBSERVER:
            return self.none()
        unit = self.model._meta.get_field("business_unit").related_model
        return self.filter(business_unit__in=unit._default_manager.visible_to(user))  # type: ignore[union-attr]


class SchemeQuerySet(StatefulQuerySet[Row]):
    """Scopes over subsidy schemes."""

    moves = SCHEME_MOVES

    def visible_to(self, user: User) -> Self:
        """Show the schemes of visible programs, drafts to who runs them."""
        program = self.model._meta.get_field("program").related_model
        seen = self.filter(program__in=program._default_manager.visible_to(user))  # type: ignore[union-attr]
        return seen if user.role in (Role.ADMINISTRATOR, Role.COORDINATOR) else seen.exclude(state=SchemeState.DRAFT)


class BudgetQuerySet(models.QuerySet[Row]):
    """Scopes over what a program has left to give, and the lines that led there."""

    def visible_to(self, user: User) -> Self:
        """Show the money of one's programs to who runs and who pays them."""
        match user.role:
            case Role.ADMINISTRATOR:
                return self
            case Role.COORDINATOR:
                return self.filter(program__coordinators=user)
            case Role.FINANCE:
                return self.filter(program__finance_officers=user)
            case _:
                return self.none()


class ClaimQuerySet(StatefulQuerySet[Row]):
    """Scopes over claims of the subsidy."""

    moves = CLAIM_MOVES

    def visible_to(self, user: User) -> Self:
        """Show a coordinator their programs' claims, finance what was handed in, a mentor those of their villages."""
        match user.role:
            case Role.ADMINISTRATOR:
                return self
            case Role.COORDINATOR:
                return self.filter(program__coordinators=user)
            case Role.FINANCE:
                return self.filter(program__finance_officers=user).exclude(state=ClaimState.DRAFT)
            case Role.MENTOR:
                unit = self.model._meta.get_field("business_unit").related_model
                seen = unit._default_manager.visible_to(user).filter(village__isnull=False)  # type: ignore[union-attr]
                return self.filter(business_unit__in=seen)
            case _:
                return self.none()

    def waiting(self) -> Self:
        """Keep what waits for somebody's hand."""
        return self.filter(state__in=WAITING)

    def counted(self) -> Self:
        """Keep what counts as progress: paid and closed claims."""
        return self.filter(state__in=DELIVERED)


class OfClaimQuerySet(models.QuerySet[Row]):
    """Rows that belong to one claim and are seen with it."""

    def visible_to(self, user: User) -> Self:
        """Show what belongs to a visible claim."""
        claim = self.model._meta.get_field("claim").related_model
        return self.filter(claim__in=claim._default_manager.visible_to(user))  # type: ignore[union-attr]


class BuyerQuerySet(models.QuerySet[Row]):
    """Scopes over buyers."""

    def visible_to(self, user: User) -> Self:
        """Show the buyers that one wrote down, and those that visible units deal with."""
        match user.role:
            case Role.ADMINISTRATOR:
                return self
            case Role.COORDINATOR | Role.MENTOR:
                lead = self.model._meta.get_field("leads").related_model
                dealt = lead._default_manager.visible_to(user).order_by().values("buyer")  # type: ignore[union-attr]
                return self.filter(Q(registered_by=user) | Q(pk__in=dealt))
            case _:
                return self.none()


class LeadQuerySet(StatefulQuerySet[Row]):
    """Scopes over what units and buyers have come to."""

    moves = LEAD_MOVES

    def visible_to(self, user: User) -> Self:
        """Show the leads of visible units to who works there."""
        if user.role in (Role.OBSERVER, Role.FINANCE):
            return self.none()
        unit = self.model._meta.get_field("business_unit").related_model
        return self.filter(business_unit__in=unit._default_manager.visible_to(user))  # type: ignore[union-attr]

    def with_due(self) -> Self:
        """Read along `due`, the day of the next step; what has no day comes last."""
        return self.annotate(due=Coalesce("next_on", Value(date.max, output_field=models.DateField())))


class TransactionQuerySet(StatefulQuerySet[Row]):
    """Scopes over exports."""

    moves = TRANSACTION_MOVES

    def visible_to(self, user: User) -> Self:
        """Show the exports of visible villages' units; who only reads is shown what is verified."""
        unit = self.model._meta.get_field("business_unit").related_model
        if user.role == Role.OBSERVER:
            return self.verified().filter(observed_by(user, field="business_unit__region__code"))
        seen = self.filter(business_unit__in=unit._default_manager.visible_to(user))  # type: ignore[union-attr]
        return seen.verified() if user.role == Role.FINANCE else seen

    def standing(self) -> Self:
        """Keep what was not withdrawn."""
        return self.filter(state__in=STANDING)

    def verified(self) -> Self:
        """Keep what totals show."""
        return self.filter(state=TransactionState.VERIFIED)


class OfTransactionQuerySet(models.QuerySet[Row]):
    """Rows that belong to one export and are seen with it."""

    def visible_to(self, user: User) -> Self:
        """Show what belongs to a visible export; an observer reads figures, not papers."""
        if user.role == Role.OBSERVER:
            return self.none()
        export = self.model._meta.get_field("transaction").related_model
        return self.filter(transaction__in=export._default_manager.visible_to(user))  # type: ignore[union-attr]


class FigureQuerySet(models.QuerySet[Row]):
    """Scopes over figures that others published."""

    def visible_to(self, user: User) -> Self:
        """Show them to whoever may sign in: they are public knowledge."""
        return self if user.is_active else self.none()

    def standing(self) -> Self:
        """Leave out what was taken back as a mistake."""
        return self.filter(withdrawn_at__isnull=True)
