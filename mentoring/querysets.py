"""Scopes over assignments, visits and action items."""

from datetime import date
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.states import Role
from common.moves import StatefulQuerySet
from mentoring.states import ACTION_MOVES, VISIT_MOVES, ActionState, VisitState
from villages.querysets import observed_by

Row = TypeVar("Row", bound=models.Model)


class AssignmentQuerySet(models.QuerySet[Row]):
    """Scopes over who mentors which village."""

    def visible_to(self, user: User) -> Self:
        """Show a mentor their own, everyone else those of visible villages."""
        if user.role == Role.MENTOR:
            return self.filter(mentor=user)
        village = self.model._meta.get_field("village").related_model
        return self.filter(village__in=village._default_manager.visible_to(user))  # type: ignore[union-attr]

    def current(self, day: date) -> Self:
        """Keep the assignments that hold on that day."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)


class VisitQuerySet(StatefulQuerySet[Row]):
    """Scopes over visits."""

    moves = VISIT_MOVES

    def visible_to(self, user: User) -> Self:
        """Show a coordinator their programs' visits, a mentor their own, an observer the approved of their regions."""
        match user.role:
            case Role.ADMINISTRATOR:
                return self
            case Role.COORDINATOR:
                return self.filter(program__coordinators=user).exclude(state=VisitState.DRAFT)
            case Role.MENTOR:
                return self.filter(mentor=user)
            case Role.OBSERVER:
                return self.filter(observed_by(user, field="village__region__code"), state=VisitState.APPROVED)
            case _:
                return self.none()

    def counted(self) -> Self:
        """Keep what counts as progress."""
        return self.filter(state=VisitState.APPROVED)

    def pending(self) -> Self:
        """Keep what waits for a coordinator."""
        return self.filter(state=VisitState.SUBMITTED)


class ActionItemQuerySet(StatefulQuerySet[Row]):
    """Scopes over action items."""

    moves = ACTION_MOVES

    def visible_to(self, user: User) -> Self:
        """Show the items of one's programs' visits or villages, others' drafts left out; finance has none."""
        if user.role == Role.FINANCE:
            return self.none()
        if user.role == Role.COORDINATOR:
            return self.filter(visit__program__coordinators=user).exclude(visit__state=VisitState.DRAFT)
        if user.role == Role.OBSERVER:
            return self.filter(observed_by(user, field="village__region__code"), visit__state=VisitState.APPROVED)
        village = self.model._meta.get_field("village").related_model
        seen = village._default_manager.visible_to(user)  # type: ignore[union-attr]
        return self.filter(~Q(visit__state=VisitState.DRAFT) | Q(visit__mentor=user), village__in=seen)

    def open(self) -> Self:
        """Keep what is still to be done."""
        return self.filter(state=ActionState.OPEN)

    def overdue(self, day: date) -> Self:
        """Keep open items whose day has passed."""
        return self.open().filter(due_on__lt=day)
