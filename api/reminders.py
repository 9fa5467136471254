"""What people are told: the outbox, read; another try; and told by a human."""

from typing import Any

from django.db import models
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
from api.fields import Named, ScopedNamedField, ScopedPeople, visible
from api.shapes import Output
from common.dates import local_date
from common.errors import Refused
from common.filters import FromDayFilter, IdFilter, ToDayFilter
from common.zones import Zone
from programs.states import ModuleCode
from reminders.actions import retry_message, settle_message, tell_people
from reminders.costs import Kept, costs_of
from reminders.filters import MessageFilter
from reminders.models import Message
from reminders.rules import Can
from reminders.states import Channel
from villages.filters import SubtreeFilter
from villages.models import Person


class MessageOut(Output[Message]):
    """One thing to tell one number: about a revision of a session or another subject; the number is read elsewhere."""

    people = ScopedPeople(Person, read_only=True)
    revision = serializers.IntegerField(source="revision.number", read_only=True, allow_null=True, default=None)
    user = Named()
    trainer = Named()

    class Meta:
        model = Message
        fields = [
            *("id", "key", "kind", "contact_point", "session", "revision", "people", "due_at", "expires_at"),
            *("state", "note", "channel", "text", "attempt", "provider_id", "settled_at"),
            *("subject_type", "subject_id", "subject_revision", "user", "trainer", "joined_to", "begun_at"),
            *("tries", "failed_channels", "code", "units", "billable", "category"),
        ]


class MessageRowFilter(MessageFilter):
    """The page's filters under the API's names, and by cohort, module, mentor and region."""

    from_day = to_day = None  # a name set to None is no filter
    locals()["from"] = FromDayFilter(field_name="due_at")  # a word of Python's own
    to = ToDayFilter(field_name="due_at")
    village = IdFilter(field_name="people__village_id", distinct=True)
    cohort = IdFilter(field_name="session__cohorts__id", distinct=True)
    mentor = IdFilter(field_name="session__cohorts__village__assignments__mentor_id", distinct=True)
    module = ChoiceFilter(field_name="session__module", choices=ModuleCode.choices)
    region = SubtreeFilter(field_name="session__cohorts__village__region__code", distinct=True)


class Arrived(serializers.Serializer[Any]):
    """What became of a message that was not answered for."""

    arrived = serializers.BooleanField()


class CostOut(serializers.Serializer[Any]):
    """Texts of one program, month, channel and category; rupiah is null where a price is not known."""

    program = serializers.IntegerField(source="slot.program", allow_null=True)
    account = serializers.CharField()
    month = serializers.SerializerMethodField()
    channel = serializers.ChoiceField(source="slot.channel", choices=Channel.choices, allow_blank=True)
    category = serializers.CharField(source="slot.category")
    texts = serializers.IntegerField(source="cost.texts")
    units = serializers.IntegerField(source="cost.units")
    rupiah = serializers.SerializerMethodField()

    def get_month(self, line: Kept) -> str:
        """Write `2026-10`."""
        return f"{self.context['year']}-{line.slot.month:02}"

    def get_rupiah(self, line: Kept) -> str | None:
        """Write the estimate as a decimal."""
        return None if line.cost.unpriced else f"{line.cost.rupiah:.2f}"


class Year(serializers.Serializer[Any]):
    """Which year is asked for."""

    year = serializers.IntegerField(min_value=2000, max_value=2199, required=False)


class Told(serializers.Serializer[Any]):
    """Whom a human told; everyone the message is for when nobody is named."""

    person = ScopedNamedField(Person, required=False)


def with_people(messages: models.QuerySet[Message], user: User) -> models.QuerySet[Message]:
    """Read along whom a message is for, of the people this user sees."""
    people = models.Prefetch("people", visible(Person, user).order_by("pk"))
    return messages.select_related("revision", "user", "trainer").prefetch_related(people)


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
        "settle": Can.SETTLE_MESSAGE,
        "costs": Can.READ_COSTS,
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
        everybody = visible(Person, self.user).filter(messages=message)
        people = [given["person"]] if given else everybody.order_by("pk")
        tell_people(message.session, people=people, by=self.user, at=now())
        return self.shown(message)

    @extend_schema(request=Arrived)
    @action(detail=True, methods=["post"])
    def settle(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Say what became of a message that its gateway never answered for."""
        message = self.get_object()
        settle_message(message, arrived=self.heard(Arrived)["arrived"], by=self.user, at=now())
        return self.shown(message)

    @extend_schema(parameters=[Year], responses=CostOut(many=True), filters=False)
    @action(detail=False, methods=["get"], pagination_class=None)
    def costs(self, request: Request) -> Response:
        """Count the texts of a year and estimate what they cost; without a year, of the running one."""
        asked = Year(data=request.query_params)
        asked.is_valid(raise_exception=True)
        year = asked.validated_data.get("year", local_date(now(), Zone.WIB).year)
        lines = costs_of(self.user, year=year).lines
        return Response(CostOut(lines, many=True, context={"year": year}).data)
