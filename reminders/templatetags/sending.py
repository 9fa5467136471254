"""`{% sending_status %}` and `{% outage_notice %}`: whether messages leave, and what an outage left unsent."""

from typing import Any

from django import template
from django.utils.timezone import now

from reminders.models import Message
from reminders.outage import missed_in
from reminders.rules import Can
from reminders.status import last_outage, vitals

register = template.Library()


@register.inclusion_tag("reminders/status_line.html", takes_context=True)
def sending_status(context: dict[str, Any]) -> dict[str, object]:
    """Say it in one line; nothing for who may not read the status."""
    able = context["request"].user.has_perm(Can.READ_STATUS)
    return {"able": able, "well": able and vitals(at=now()).is_well}


@register.inclusion_tag("reminders/outage_notice.html", takes_context=True)
def outage_notice(context: dict[str, Any]) -> dict[str, object]:
    """Tell of the last week's outage, by what this reader sees of it."""
    outage = last_outage(at=now())
    seen = Message.objects.visible_to(context["request"].user)
    return {"outage": outage, "missed": (missed_in(outage) & seen).count() if outage and outage.missed else 0}
