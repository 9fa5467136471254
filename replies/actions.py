"""What people at the desk do about a reply: write back, settle it, read the number, write down who it is."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import Refused
from common.events import record
from replies.models import Answer, Reply
from replies.planning import USEFUL, WELCOME, plan_answer
from replies.states import Intent, ReplyState
from villages.actions import add_contact, give_consent, mark_number, welcome_person
from villages.consents import VERSION
from villages.models import ContactPoint, Person, Village
from villages.states import ConsentHow, ContactState, Purpose

ONCE: Final = timedelta(minutes=10)  # the same words within it are one press of the button


def window_of(reply: Reply) -> datetime:
    """Tell until when this number may be written to freely: a day from the last word that came from it."""
    words = Reply.objects.filter(contact_point=reply.contact_point_id) if reply.contact_point_id else None
    last = words.order_by("-at", "-pk").values_list("at", flat=True).first() if words is not None else None
    return (last or reply.at) + USEFUL


def silence_of(reply: Reply, *, at: datetime) -> str:
    """Say in a sentence why nothing can be written back; empty when it can."""
    point = reply.contact_point
    if point is None:
        return _("This sender has no number that we could write to.")
    if point.state == ContactState.OPTED_OUT:
        return _("This number asked for no more messages. Call instead.")
    if not point.is_reachable:
        return _("This number is not the right one. Nothing more is sent to it.")
    if at >= window_of(reply):
        return _("More than 24 hours have passed since they last wrote; free texts only go within that time. Call.")
    return ""


@transaction.atomic
def answer_reply(reply: Reply, *, text: str, by: User, at: datetime) -> Answer:
    """Write back in one's own words; the same words twice are one answer."""
    held = Reply.objects.select_for_update(of=("self",)).select_related("contact_point").get(pk=reply.pk)
    same = Answer.objects.filter(reply=held, text=text.strip(), by=by, at__gt=at - ONCE).order_by("pk").first()
    if same:
        return same
    point = held.contact_point
    if (sentence := silence_of(held, at=at)) or point is None:
        raise Refused(sentence)
    answer = Answer(reply=held, text=text.strip(), by=by, at=at)
    answer.full_clean(exclude={"reply", "by"})
    answer.save(force_insert=True)
    people = point.contacts.order_by("person_id").values_list("person_id", flat=True)
    plan_answer(answer, point, at=at, people=people, expires_at=window_of(held))
    record(held, verb="answered", by=by, at=at, answer=answer.pk)
    return answer


@transaction.atomic
def close_reply(reply: Reply, *, by: User, at: datetime) -> None:
    """Take a reply off the list of what waits."""
    origin = reply.state
    Reply.objects.move(reply, ReplyState.CLOSED, closed_at=at, closed_by=by)
    record(reply, verb="closed", by=by, at=at, origin=origin, goal=reply.state)


@transaction.atomic
def reopen_reply(reply: Reply, *, by: User, at: datetime) -> None:
    """Put a reply on the list of what waits: it is not done after all, or the machine did not do it right."""
    origin = reply.state
    Reply.objects.move(reply, ReplyState.OPEN, closed_at=None, closed_by=None)
    record(reply, verb="reopened", by=by, at=at, origin=origin, goal=reply.state)


@transaction.atomic
def read_sender(reply: Reply, *, by: User, at: datetime) -> str:
    """Show someone the number behind a reply, and write down that they looked."""
    record(reply, verb="read_number", by=by, at=at, contact_point=reply.contact_point_id)
    return reply.contact_point.number if reply.contact_point else reply.sender


@transaction.atomic
def register_writer(
    reply: Reply,
    *,
    village: Village,
    relation: str,
    by: User,
    at: datetime,
    person: Person | None = None,
    consent_how: str = "",
    **columns: Any,
) -> Person:
    """Write down who wrote, or give the number to someone who is known; DAFTAR is their agreement, from that moment."""
    held = Reply.objects.select_for_update(of=("self",)).select_related("contact_point").get(pk=reply.pk)
    point = held.contact_point
    if held.state != ReplyState.OPEN or point is None:
        raise Refused(_("This reply has been settled in the meantime."))
    asked = held.intent == Intent.JOIN
    how = ConsentHow.MESSAGE if asked else consent_how
    if point.state == ContactState.WRONG_PERSON:  # the stranger has a name now
        mark_number(point, to=ContactState.VALID, by=by, at=at)
    known = person or welcome_person(village=village, by=by, at=at, **columns)
    if not known.contacts.filter(contact_point=point).exists():
        add_contact(known, number=point.number, relation=relation, by=by, at=at)
    if how and not known.consents.filter(purpose=Purpose.MESSAGES, withdrawn_at__isnull=True).exists():
        given = {"how": how, "text_version": VERSION}
        give_consent(known, purpose=Purpose.MESSAGES, by=by, at=at, given_at=held.at if asked else at, **given)
    close_reply(held, by=by, at=at)
    record(held, verb="registered", by=by, at=at, person=known.pk)
    if how and not silence_of(held, at=at):
        plan_answer(held, point, at=at, people=[known.pk], revision=WELCOME, expires_at=window_of(held))
    return known


def serves_nobody(point: ContactPoint | None) -> bool:
    """Say whether a number belongs to nobody that we know."""
    return point is not None and not point.contacts.exists()
