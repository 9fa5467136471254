"""How the list of messages is narrowed."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter

from common.filters import FromDayFilter, IdFilter, ToDayFilter
from programs.filters import programs
from programs.models import Session
from reminders.models import Message
from reminders.states import TROUBLE, Kind, MessageState
from villages.filters import villages
from villages.models import Village


class MessageFilter(FilterSet):
    """Messages by state, kind, program, village, session and day."""

    state = ChoiceFilter(choices=MessageState.choices, label=_("State"))
    look = ChoiceFilter(choices=[("trouble", _("Reached nobody"))], method="by_look", label=_("Need a look"))
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

    def by_look(self, messages: models.QuerySet[Message], _name: str, _look: str) -> models.QuerySet[Message]:
        """Keep what the count of messages that need a look counts."""
        return messages.filter(state__in=TROUBLE)

    def by_village(self, messages: models.QuerySet[Message], _name: str, village: Village) -> models.QuerySet[Message]:
        """Keep the messages about sessions of a village's cohorts."""
        sessions = Session.objects.filter(bookings__cohort__village=village)
        return messages.filter(session__in=sessions.order_by().values("pk"))
