"""What people are told: the outbox, read; another try; and told by a human."""

from typing import Any

from django.db import models, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django_filters import ChoiceFilter
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from api.base import ScopedViewSet
from api.fields import ScopedNamedField, ScopedPeople, visible
from api.shapes import Output
from common.errors import Refused
from common.filters import FromDayFilter, IdFilter, ToDayFilter
from programs.states import ModuleCode
from reminders.actions import retry_message, tell_by_hand
from reminders.filters import MessageFilter
from reminders.models import Message
from reminders.rules import Can
from villages.filters import SubtreeFilter
from villages.models import Person


class MessageOut(Output[Message]):
    """One thing to tell one number about one revision of one session; the number itself is read elsewhere."""

    people = ScopedPeople(Person, read_only=True)
    revision = serializers.IntegerField(source="revision.number", read_only=True)

    class Meta:
        model = Message
        fields = [
            *("id", "key", "kind", "contact_point", "session", "revision", "people", "due_at", "expires_at"),
            *("state", "note", "channel", "text", "attempt", "provider_id", "settled_at"),
        ]


class MessageRowFilter(MessageFilter):
    """The page's filters under the API's names, and by cohort, module, mentor and region."""

    from_day = to_day = None  # a name set to None is no filter
    locals()["from"] = FromDayFilter(field_name="due_at")  # a word of Python's own
    to = ToDayFilter(field_name="due_at")
    village = IdFilter(field_name="session__cohorts__village_id", distinct=True)
    cohort = IdFilter(field_name="session__cohorts__id", distinct=True)
    mentor = IdFilter(field_name="session__cohorts__village__assignments__mentor_id", distinct=True)
    module = ChoiceFilter(field_name="session__module", choices=ModuleCode.choices)
    region = SubtreeFilter(field_name="session__cohorts__village__region__code", distinct=True)


class Told(serializers.Serializer[Any]):
    """Whom a human told; everyone the message is for when nobody is named."""

    person = ScopedNamedField(Person, required=False)


def with_people(messages: models.QuerySet[Message], user: User) -> models.QuerySet[Message]:
    """Read along whom a message is for, of the people this user sees."""
    people = models.Prefetch("people", visible(Person, user).order_by("pk"))
    return messages.select_related("revision").prefetch_related(people)


class MessageViewSet(ScopedViewSet[Message]):
    """The outbox."""

    model = Message
    serializer_class = MessageOut
    filterset_class = MessageRowFilter
    abilities = {
        "list": Can.READ_MESSAGE,
        "retrieve": Can.READ_MESSAGE,
        "retry": Can.RETRY_MESSAGE,
        "told": Can.TELL_BY_HAND,
    }
    orderings = ("-due_at",)

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read people and revision along."""
        return with_people(rows, self.user)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def retry(self, _request: Request, pk: str) -> Response:  # noqa: ARG002  read from the address by get_object
        """Plan a failed message again."""
        message = self.get_object()
        retry_message(message, by=self.user, at=now())
        return self.shown(message)

    @extend_schema(request=Told)
    @action(detail=True, methods=["post"])
    def told(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Write down that a human told them."""
        message, given = self.get_object(), self.heard(Told)
        if message.session is None:
            raise Refused(_("Only what concerns a session is told by hand."))
        with transaction.atomic():
            for person in [given["person"]] if given else message.people.all():
                tell_by_hand(message.session, person=person, by=self.user, at=now())
        return self.shown(message)
