"""Scopes over what people write to us."""

from typing import Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from accounts.states import Role
from common.moves import StatefulQuerySet
from programs.models import Session
from replies.states import REPLY_MOVES, ReplyState
from villages.models import Person, PersonContact, Village

Row = TypeVar("Row", bound=models.Model)


class ReplyQuerySet(StatefulQuerySet[Row]):
    """Scopes over replies."""

    moves = REPLY_MOVES

    def visible_to(self, user: User) -> Self:
        """Show words from numbers of people one sees, about sessions or villages one sees.

        What comes from a number that serves nobody and names nothing is everybody's at the desk.
        """
        if user.role == Role.ADMINISTRATOR:
            return self.all()
        if user.role not in (Role.COORDINATOR, Role.MENTOR):
            return self.none()
        contacts = PersonContact.objects.filter(contact_point=OuterRef("contact_point"))
        seen = Q(Exists(contacts.filter(person__in=Person.objects.visible_to(user))))
        seen |= Q(village__in=Village.objects.visible_to(user))
        if user.role == Role.MENTOR:
            return self.filter(seen)
        sessions = Session.objects.visible_to(user)
        about = Q(session__in=sessions) | Q(message__session__in=sessions)
        stranger = Q(~Exists(contacts), village=None, session=None, message__session=None)
        return self.filter(seen | about | stranger)

    def to_be_read(self) -> Self:
        """Keep what nobody and nothing has looked at: of each number the earliest word, so that the last one counts."""
        earlier = self.model._default_manager.filter(
            channel=OuterRef("channel"), sender=OuterRef("sender"), user_id=OuterRef("user_id"), state=ReplyState.NEW
        ).filter(Q(at__lt=OuterRef("at")) | Q(at=OuterRef("at"), pk__lt=OuterRef("pk")))
        return self.filter(~Exists(earlier), state=ReplyState.NEW).order_by("pk")

    def open(self) -> Self:
        """Keep those that wait for a person."""
        return self.filter(state=ReplyState.OPEN)
