"""`{% session_messages session %}` and `{% message_preview session "change" %}`: who was told, and who would be."""

from typing import Any

from django import template
from django.db.models.functions import Coalesce
from django.utils.timezone import now

from common.models import Event
from programs.models import Session
from reminders.models import Message
from reminders.reading import preview_of, reason_of, summary_of, telling_of, unreached_soon
from reminders.rules import Can
from reminders.states import Kind

register = template.Library()


@register.inclusion_tag("reminders/session_messages.html", takes_context=True)
def session_messages(context: dict[str, Any], session: Session) -> dict[str, object]:
    """List the people of a session by whether they were told; shows nothing to who may not read messages."""
    request = context["request"]
    if not request.user.has_perm(Can.READ_MESSAGE):
        return {}
    return {
        "telling": telling_of(session, reader=request.user),
        "can_tell": session.ends_at > now() and request.user.has_perm(Can.TELL_BY_HAND),
        "request": request,
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag
def texts_overtaken(session: Session) -> int:
    """Count the texts with the old time that were on their way when a session to come was changed or cancelled."""
    changes = Event.objects.about(session).filter(verb__in=("rescheduled", "cancelled"))
    last = changes.order_by("-pk").values_list("at", flat=True).first()
    if last is None or session.starts_at <= now():
        return 0
    texts = Message.objects.overtaken(session, changed_at=last)
    return len(set(texts.values_list(Coalesce("joined_to", "pk"), flat=True)))


@register.inclusion_tag("reminders/message_preview.html")
def message_preview(session: Session, kind: str, **change: object) -> dict[str, object]:
    """Show the exact words that would be sent, and to whom; `change` may hold starts_at, ends_at, venue, reason."""
    return {"preview": preview_of(session, Kind(kind or Kind.INVITATION), **change)}


@register.simple_tag(takes_context=True)
def messages_in_trouble(context: dict[str, Any]) -> int:
    """Count the messages about coming sessions that reached nobody."""
    coming = Session.objects.upcoming(now())
    return summary_of(Message.objects.visible_to(context["request"].user).filter(session__in=coming)).trouble


@register.simple_tag(takes_context=True)
def people_not_reached(context: dict[str, Any]) -> list[tuple[Session, int]]:
    """List the sessions of the coming week that somebody has not been told of, and how many people that are."""
    return unreached_soon(context["request"].user, at=now())


@register.filter
def reason(message: Message) -> object:
    """Say in words why a message is where it is."""
    return reason_of(message)
