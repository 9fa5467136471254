"""`{% session_messages session %}` and `{% message_preview session "change" %}`: who was told, and who would be."""

from typing import Any, Final, NamedTuple

from django import template
from django.db.models import F
from django.db.models.functions import Coalesce
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from common.models import Event
from programs.models import Session
from reminders.actions import TELLABLE
from reminders.models import ChannelStatus, Message
from reminders.reading import preview_of, reason_of, summary_of, telling_of
from reminders.rules import Can
from reminders.states import Kind
from reminders.worklists import numbers_by_hand, unreached_soon

register = template.Library()


@register.inclusion_tag("reminders/session_messages.html", takes_context=True)
def session_messages(context: dict[str, Any], session: Session) -> dict[str, object]:
    """List the people of a session by whether they were told; shows nothing to who may not read messages."""
    request = context["request"]
    if not request.user.has_perm(Can.READ_MESSAGE):
        return {}
    return {
        "telling": telling_of(session, reader=request.user),
        "can_tell": _may_tell(session) and request.user.has_perm(Can.TELL_BY_HAND),
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


@register.simple_tag(takes_context=True)
def numbers_to_send(context: dict[str, Any]) -> int:
    """Count the numbers that wait for somebody to send by hand; none for who may not."""
    user = context["request"].user
    return numbers_by_hand(user, at=now()).count() if user.has_perm(Can.TELL_BY_HAND) else 0


@register.filter
def reason(message: Message) -> object:
    """Say in words why a message is where it is."""
    return reason_of(message)


@register.inclusion_tag("reminders/channel_notices.html", takes_context=True)
def channel_notices(context: dict[str, Any]) -> dict[str, object]:
    """Say which channels were stopped or rest, when they are tried next, and offer who may to start them."""
    request = context["request"]
    resting = ChannelStatus.objects.filter(open_until__gt=now()).order_by(
        F("halted_at").desc(nulls_last=True), "channel"
    )
    return {
        "resting": resting if request.user.has_perm(Can.READ_MESSAGE) else (),
        "can_resume": request.user.has_perm(Can.RESUME_CHANNEL),
        "request": request,
        "csrf_token": context.get("csrf_token"),
    }


class Tab(NamedTuple):
    """One page of the messages: its address, its word and the ability that opens it."""

    url_name: str
    label: object
    icon: str
    ability: str = Can.READ_MESSAGE


TABS: Final = (  # whoever adds a page adds a line; a page that is missing, or closed to the reader, is left out
    Tab("message-list", _("Messages"), "message"),
    Tab("hand-list", _("Send by hand"), "send", Can.TELL_BY_HAND),
    Tab("call-list", _("Calls"), "phone", Can.TELL_BY_HAND),
    Tab("reply-list", _("Inbox"), "message", "replies.read_reply"),
    Tab("template-list", _("Texts"), "edit", "reminders.read_template"),
    Tab("costs", _("Costs"), "program", Can.READ_COSTS),
)


@register.inclusion_tag("reminders/tabs.html", takes_context=True)
def message_tabs(context: dict[str, Any]) -> dict[str, object]:
    """List the pages of messages that this reader may open; the one that is shown is marked."""
    request = context["request"]
    tabs = [(tab, address) for tab in TABS if request.user.has_perm(tab.ability) and (address := _address(tab))]
    below = [address for _tab, address in tabs if request.path.startswith(address)]
    return {"tabs": tabs, "current": max(below, key=len, default=""), "request": request}


def _address(tab: Tab) -> str:
    try:
        return reverse(tab.url_name)
    except NoReverseMatch:
        return ""


def _may_tell(session: Session) -> bool:
    """Say whether there is still somebody to tell: it is not over, and stands or was cancelled."""
    return session.ends_at > now() and session.state in TELLABLE
