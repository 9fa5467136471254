"""How the list of messages is narrowed."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter

from common.filters import FromDayFilter, IdFilter, ToDayFilter
from programs.filters import programs
from programs.models import Program, Session
from reminders.models import Message
from reminders.states import TROUBLE, Channel, Kind, MessageState
from villages.filters import villages
from villages.models import ContactPoint, Village

Numbers = models.QuerySet[ContactPoint]
LOOKS = {"trouble": _("Reached nobody"), "unknown": _("No answer from the gateway"), "hand": _("To send by hand")}
BY_HAND = (MessageState.PLANNED, MessageState.ACCEPTED)


class MessageFilter(FilterSet):
    """Messages by state, kind, program, village, session and day."""

    state = ChoiceFilter(choices=MessageState.choices, label=_("State"))
    look = ChoiceFilter(choices=list(LOOKS.items()), method="by_look", label=_("Need a look"))
    channel = ChoiceFilter(choices=Channel.choices, label=_("Channel"))
    kind = ChoiceFilter(choices=Kind.choices, label=_("Kind"))
    program = ModelChoiceFilter(field_name="session__program", queryset=programs, label=_("Program"))
    village = ModelChoiceFilter(method="by_village", queryset=villages, label=_("Village"))
    locals()["from"] = FromDayFilter(field_name="due_at", label=_("From"))  # a word of Python's own
    to = ToDayFilter(field_name="due_at", label=_("Until"))
    session = IdFilter(field_name="session_id", label=_("Session"))

    class Meta:
        """Declared above, nothing else."""

        model = Message
        fields: tuple[str, ...] = ()

    def by_look(self, messages: models.QuerySet[Message], _name: str, look: str) -> models.QuerySet[Message]:
        """Keep what the counts and worklists of the same name count."""
        match look:
            case "unknown":
                return messages.filter(state=MessageState.UNKNOWN)
            case "hand":
                return messages.filter(channel=Channel.MANUAL, state__in=BY_HAND)
            case _:
                return messages.filter(state__in=TROUBLE)

    def by_village(self, messages: models.QuerySet[Message], _name: str, village: Village) -> models.QuerySet[Message]:
        """Keep the messages for people of a village."""
        return messages.filter(pk__in=_for_village(village))


class HandFilter(FilterSet):
    """Numbers that wait for a hand, by the program and the village of their people."""

    program = ModelChoiceFilter(method="by_program", queryset=programs, label=_("Program"))
    village = ModelChoiceFilter(method="by_village", queryset=villages, label=_("Village"))

    class Meta:
        """Declared above, nothing else."""

        model = ContactPoint
        fields: tuple[str, ...] = ()

    def by_program(self, numbers: models.QuerySet[ContactPoint], _name: str, program: Program) -> Numbers:
        """Keep the numbers to which something of a program is to be told."""
        by_hand = Message.objects.filter(session__program=program, channel=Channel.MANUAL, state__in=BY_HAND)
        return numbers.filter(pk__in=by_hand.order_by().values("contact_point"))

    def by_village(self, numbers: models.QuerySet[ContactPoint], _name: str, village: Village) -> Numbers:
        """Keep the numbers of people of a village."""
        by_hand = Message.objects.filter(pk__in=_for_village(village), channel=Channel.MANUAL, state__in=BY_HAND)
        return numbers.filter(pk__in=by_hand.order_by().values("contact_point"))


class CallFilter(FilterSet):
    """Sessions about which somebody has to be called, by program and village."""

    program = ModelChoiceFilter(queryset=programs, label=_("Program"))
    village = ModelChoiceFilter(method="by_village", queryset=villages, label=_("Village"))

    class Meta:
        """Declared above, nothing else."""

        model = Session
        fields: tuple[str, ...] = ()

    def by_village(self, sessions: models.QuerySet[Session], _name: str, village: Village) -> models.QuerySet[Session]:
        """Keep the sessions of a village's cohorts."""
        with_cohort = Session.objects.filter(bookings__cohort__village=village)
        return sessions.filter(pk__in=with_cohort.order_by().values("pk"))


def _for_village(village: Village) -> models.QuerySet[Any]:
    return Message.people.through.objects.filter(person__village=village).order_by().values("message_id")
