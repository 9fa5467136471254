"""What was written by, to and about someone who asked to be forgotten: that it was written stays, its words go."""

from django.db import models
from django.db.models import Q

from common.models import Event
from programs.models import Attendance
from replies.models import Answer, KnownUser, Reply
from villages.models import ContactPoint


def forget_words(subject: models.Model, event: Event) -> None:
    """Empty what came from their numbers, unless others still use them, and what was said about their seats."""
    person = subject.pk
    numbers = event.facts.get("contact_points", [])
    alone = ContactPoint.objects.filter(pk__in=numbers, contacts__isnull=True).values("pk")
    theirs = Q(contact_point__in=alone) | Q(message__people=person) | Q(seats__enrollment__person=person)
    replies = list(Reply.objects.filter(theirs).order_by("pk").values_list("pk", flat=True).distinct())
    Answer.objects.filter(reply__in=replies).update(text="")
    Reply.objects.filter(pk__in=replies).update(text="", payload="", sender="", user_id="")
    KnownUser.objects.filter(contact_point__in=alone).delete()
    Attendance.objects.filter(enrollment__person=person).exclude(rsvp_reason="").update(rsvp_reason="")
