"""`{% replies_waiting as waiting %}`: how many replies wait for this reader."""

from typing import Any

from django import template

from replies.models import Reply
from replies.reading import Waiting, waiting_of
from replies.rules import Can

register = template.Library()
NOTHING = Waiting(0, 0, 0)


@register.simple_tag(takes_context=True)
def replies_waiting(context: dict[str, Any]) -> Waiting:
    """Count what waits in the inbox; nothing for who may not read it."""
    user = context["request"].user
    return waiting_of(Reply.objects.visible_to(user).open()) if user.has_perm(Can.READ_REPLY) else NOTHING
