"""Scopes over the outbox."""

from datetime import datetime
from typing import Self, TypeVar

from django.db import models

from accounts.models import User
from accounts.states import Role
from common.moves import StatefulQuerySet
from reminders.states import MESSAGE_MOVES, MessageState

Row = TypeVar("Row", bound=models.Model)


class MessageQuerySet(StatefulQuerySet[Row]):
    """Scopes over messages."""

    moves = MESSAGE_MOVES

    def visible_to(self, user: User) -> Self:
        """Show messages to those who run the program; of a joint session a mentor sees their villages'."""
        if user.role in (Role.OBSERVER, Role.FINANCE):
            return self.none()
        session = self.model._meta.get_field("session").related_model
        seen = self.filter(session__in=session._default_manager.visible_to(user))  # type: ignore[union-attr]
        if user.role != Role.MENTOR:
            return seen
        person = self.model._meta.get_field("people").related_model
        people = person._default_manager.visible_to(user)  # type: ignore[union-attr]
        covered = self.model._default_manager.filter(people__in=people)
        return seen.filter(pk__in=covered.order_by().values("pk"))

    def due(self, at: datetime) -> Self:
        """Keep what is planned and whose moment has come."""
        return self.filter(state=MessageState.PLANNED, due_at__lte=at)
