"""`{% session_papers session %}`: the papers of a session, on its page."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.timezone import now

from papers.rules import Can
from papers.shelf import Shelf
from programs.models import Session

register = template.Library()


@register.inclusion_tag("papers/session_shelf.html", takes_context=True)
def session_papers(context: dict[str, Any], session: Session) -> dict[str, object]:
    """List the papers of a session; shows nothing to who may not print them. 2 queries beside cohorts and trainers."""
    user = context["request"].user
    if not user.has_perm(Can.PRINT_PAPER, session):
        return {}
    shelf = Shelf(session, reader=user, at=now(), base_url=settings.BASE_URL)
    return {"session": session, "places": shelf.places(), "perms": context.get("perms")}
