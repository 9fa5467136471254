"""How the list of messages is narrowed."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter

from accounts.models import User
from common.filters import FromDayFilter, IdFilter, ToDayFilter
from programs.models import Program
from reminders.models import Message
from reminders.states import Kind, MessageState
from villages.models import Village


def _programs(request: Any) -> models.QuerySet[Program]:
    user: User = request.user
    return Program.objects.visible_to(user).order_by("name", "pk")


def _villages(request: Any) -> models.QuerySet[Village]:
    user: User = request.user
    return Village.objects.visible_to(user).order_by("name", "pk")


class MessageFilter(FilterSet):
    """Messages by state, kind, program, village, session and day."""

    state = ChoiceFilter(choices=MessageState.choices, label=_("State"), empty_label=_("all"))
    kind = ChoiceFilter(choices=Kind.choices, label=_("Kind"), empty_label=_("all"))
    program = ModelChoiceFilter(
        field_name="session__program", queryset=_programs, label=_("Program"), empty_label=_("all")
    )
    village = ModelChoiceFilter(method="by_village", queryset=_villages, label=_("Village"), empty_label=_("all"))
    from_day = FromDayFilter(field_name="due_at", label=_("From day"))
    to_day = ToDayFilter(field_name="due_at", label=_("To day"))
    session = IdFilter(field_name="session_id", label=_("Session"))

    class Meta:
        """Declared above, nothing else."""

        model = Message
        fields: tuple[str, ...] = ()

    def by_village(self, messages: models.QuerySet[Message], _name: str, village: Village) -> models.QuerySet[Message]:
        """Keep the messages about sessions of a village's cohorts."""
        return messages.filter(session__bookings__cohort__village=village)
