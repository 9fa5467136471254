"""Scopes over the outbox."""

from datetime import datetime
from typing import Self, TypeVar

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from accounts.states import Role
from common.moves import StatefulQuerySet
from programs.states import SessionState
from reminders.states import (
    MESSAGE_MOVES,
    UNDER_WAY,
    UNSENT,
    Channel,
    Form,
    Kind,
    MessageState,
    TemplateState,
)

Row = TypeVar("Row", bound=models.Model)


class MessageQuerySet(StatefulQuerySet[Row]):
    """Scopes over messages."""

    moves = MESSAGE_MOVES

    def visible_to(self, user: User) -> Self:
        """Show one's own and those of one's programs; of a joint session a mentor sees their villages'."""
        own = Q(user=user)
        if user.role in (Role.OBSERVER, Role.FINANCE):
            return self.filter(own)
        if user.role == Role.ADMINISTRATOR:
            return self.all()
        session = self.model._meta.get_field("session").related_model
        seen = Q(session__in=session._default_manager.visible_to(user))  # type: ignore[union-attr]
        person = self.model._meta.get_field("people").related_model
        people = person._default_manager.visible_to(user)  # type: ignore[union-attr]
        covered = Q(pk__in=self.model._default_manager.filter(people__in=people).order_by().values("pk"))
        if user.role == Role.MENTOR:
            return self.filter(seen & covered | own)
        return self.filter(seen | Q(session__isnull=True) & covered | own)

    def due(self, at: datetime) -> Self:
        """Keep what is planned and whose moment has come; what waits for people is not the senders'."""
        return self.filter(state=MessageState.PLANNED, due_at__lte=at).exclude(channel=Channel.MANUAL)

    def not_begun(self) -> Self:
        """Keep what can still be withdrawn: planned, held back, or claimed by a sender that has not begun with it."""
        return self.filter(Q(state__in=UNSENT) | Q(state=MessageState.CLAIMED, begun_at__isnull=True))

    def overtaken(self, session: models.Model, *, changed_at: datetime) -> Self:
        """Keep the texts that were on their way with what no longer holds when a session was changed or cancelled."""
        outdated = Q(revision__number__lt=F("session__revision"))
        called_off = Q(session__state=SessionState.CANCELLED) & ~Q(kind=Kind.CANCELLATION)
        flying = Q(state__in=UNDER_WAY) | Q(settled_at__gte=changed_at)
        return self.filter(flying, outdated | called_off, session=session.pk, begun_at__isnull=False)


class TemplateQuerySet(models.QuerySet[Row]):
    """Scopes over changed words."""

    def visible_to(self, user: User) -> Self:  # noqa: ARG002
        """Show them to whoever has the ability."""
        return self.all()

    def troubled(self) -> Self:
        """Keep what WhatsApp refused, holds back, or bills as something else than we meant."""
        held = Q(provider_state__in=(TemplateState.REJECTED, TemplateState.PAUSED))
        return self.filter(form=Form.LONG).filter(held | ~Q(category__in=("", "utility")))
