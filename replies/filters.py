"""How the inbox is narrowed; the same on the page and in the API."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter

from common.filters import FromDayFilter, IdFilter, ToDayFilter
from reminders.states import Channel
from replies.models import Reply
from replies.states import Intent, ReplyState
from villages.filters import villages
from villages.models import PersonContact, Village


class ReplyFilter(FilterSet):
    """Replies by state, what they ask for, village, way, session and day."""

    state = ChoiceFilter(choices=ReplyState.choices, label=_("State"))
    intent = ChoiceFilter(choices=Intent.choices, label=_("Asks for"))
    village = ModelChoiceFilter(method="by_village", queryset=villages, label=_("Village"))
    channel = ChoiceFilter(choices=Channel.choices, label=_("Channel"))
    session = IdFilter(field_name="session_id", label=_("Session"))
    locals()["from"] = FromDayFilter(field_name="at", label=_("From"))  # a word of Python's own
    to = ToDayFilter(field_name="at", label=_("Until"))

    class Meta:
        """Declared above, nothing else."""

        model = Reply
        fields: tuple[str, ...] = ()

    def by_village(self, replies: models.QuerySet[Reply], _name: str, village: Village) -> models.QuerySet[Reply]:
        """Keep what people of a village wrote, and what names it."""
        numbers = PersonContact.objects.filter(person__village=village).values("contact_point")
        return replies.filter(models.Q(village=village) | models.Q(contact_point__in=numbers))
