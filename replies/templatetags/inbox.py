"""`{% replies_waiting as waiting %}`: how many replies wait for this reader, and how many people may not be told."""

from typing import Any

from django import template
from django.utils.timezone import now

from common.dates import local_date
from common.zones import Zone
from programs.reach import silent_people
from replies.models import Reply
from replies.reading import Waiting, waiting_of
from replies.rules import Can

register = template.Library()
NOTHING = Waiting(0, 0, 0)


@register.simple_tag(takes_context=True)
def silent_participants(context: dict[str, Any]) -> int:
    """Count whom nothing can be sent to, because they have not agreed."""
    silent = silent_people(context["request"].user, day=local_date(now(), Zone.WIB))
    return silent.values("person").distinct().count()


@register.simple_tag(takes_context=True)
def replies_waiting(context: dict[str, Any]) -> Waiting:
    """Count what waits in the inbox; nothing for who may not read it."""
    user = context["request"].user
    return waiting_of(Reply.objects.visible_to(user).open()) if user.has_perm(Can.READ_REPLY) else NOTHING
