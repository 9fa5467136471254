"""Whether the code in the room is offered now: `{% code_counts session as counts %}`."""

from django import template
from django.utils.timezone import now

from attendance.door import runs
from programs.models import Session

register = template.Library()


@register.simple_tag
def code_counts(session: Session) -> bool:
    """Tell whether people may check in to the session now."""
    return runs(session, at=now())
