"""What was sent to someone who asked to be forgotten: that it was sent stays, its words go."""

from django.db import models
from django.db.models import Q

from common.models import Event
from reminders.models import LoggedText, Message


def forget_words(person: models.Model, _event: Event) -> None:
    """Empty every text that named the person, also where their message had joined another one."""
    carriers = Message.objects.filter(Q(people=person) | Q(joined__people=person)).order_by().values("pk")
    keys = list(Message.objects.filter(pk__in=carriers).values_list("key", flat=True))
    Message.objects.filter(Q(key__in=keys) | Q(joined_to__key__in=keys)).update(text="")
    LoggedText.objects.filter(key__in=keys).update(text="")
