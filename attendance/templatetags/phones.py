"""What phones said about a session: `{% acts_of session as acts %}`, `{% marks_from_phones session %}`."""

from typing import Any

from django import template
from django.db.models import Count, Q

from attendance.models import Act
from attendance.rules import Can
from attendance.states import ActOutcome
from programs.models import Session

register = template.Library()


@register.simple_tag(takes_context=True)
def acts_of(context: dict[str, Any], session: Session) -> dict[str, int]:
    """Count what phones said that the reader may see, and what of it waits; 1 query."""
    seen = Act.objects.visible_to(context["request"].user).filter(session=session)
    counts: dict[str, int] = seen.aggregate(all=Count("pk"), waiting=Count("pk", filter=Q(outcome=ActOutcome.WAITING)))
    return counts


@register.inclusion_tag("attendance/marks_wait.html", takes_context=True)
def marks_from_phones(context: dict[str, Any], session: Session) -> dict[str, Any]:
    """Tell what waits for a decision."""
    user = context["request"].user
    waiting = acts_of(context, session)["waiting"]
    return {"session": session, "waiting": waiting, "decides": user.has_perm(Can.CORRECT_ATTENDANCE, session)}
