"""What people do about messages: try again, tell someone themselves, say what became of a text, choose their own."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from common.doorbell import ring
from common.errors import Refused
from common.events import record
from programs.models import Session, SessionRevision
from programs.states import SEATED, SessionState
from reminders.ladder import fits
from reminders.models import (
    ChannelStatus,
    DeliveryEvent,
    ManualContact,
    Message,
    MissedCall,
    Preference,
    Price,
    Refusal,
)
from reminders.states import NOTICES_OF, Channel, MessageState, Reason
from villages.models import ContactPoint, Person

TELLABLE = (SessionState.SCHEDULED, SessionState.CANCELLED)
ALONG = ("session", "revision", "contact_point")
SETTLED = (
    *("state", "note", "settled_at", "lease_until", "failed_channels", "channel", "tries", "due_at", "begun_at"),
    "joined_to",
)
ONE_CALL = timedelta(minutes=1)  # a second press within it is the same call


@transaction.atomic
def retry_message(message: Message, *, by: User, at: datetime) -> None:
    """Plan a refused message again, by every way, as long as it is of use; one without an answer stays as it is."""
    if message.expires_at <= at:
        raise Refused(_("This message is of no use any more: its time has passed."))
    origin = message.state
    if origin != MessageState.FAILED:
        raise Refused(_("Only a message that failed is tried again."))
    again = {"channel": "", "failed_channels": [], "tries": 0, "code": "", "begun_at": None, "joined_to": None}
    Message.objects.move(
        message, MessageState.PLANNED, due_at=at, note=Reason.BY_HAND, text="", settled_at=None, **again
    )
    Refusal.objects.filter(contact_point=message.contact_point_id).delete()
    record(message, verb="retried", by=by, at=at, origin=origin, goal=message.state)
    ring()


@transaction.atomic
def settle_message(message: Message, *, arrived: bool, by: User, at: datetime) -> None:
    """Say what became of a text that its gateway never answered for; what left with it shares its fate."""
    if message.state != MessageState.UNKNOWN:
        raise Refused(_("Only a message without an answer is settled by hand."))
    goal = MessageState.DELIVERED if arrived else MessageState.FAILED
    _settle(message, goal, origin=MessageState.UNKNOWN, by=by, at=at)


@transaction.atomic
def confirm_by_hand(message: Message, *, reached: bool, by: User, at: datetime) -> None:
    """Say how it went with a text that was opened: they know, which counts as told, or nobody was there."""
    if message.channel != Channel.MANUAL or message.state != MessageState.ACCEPTED:
        raise Refused(_("This message is not open any more: somebody has said how it went."))
    goal = MessageState.DELIVERED if reached else MessageState.FAILED
    for each in _settle(message, goal, origin=MessageState.ACCEPTED, by=by, at=at):
        if reached and each.session and each.session.state in TELLABLE and each.session.revision == _number(each):
            tell_people(each.session, people=each.people.all(), by=by, at=at)


def _number(message: Message) -> int:
    return message.promise()[1].number


def _settle(message: Message, goal: MessageState, *, origin: MessageState, by: User, at: datetime) -> list[Message]:
    """Write what became of one text: of the message that carried it, and of those that left with it."""
    carrier = message.joined_to_id or message.pk
    rows = Message.objects.select_for_update(no_key=True, of=("self",)).filter(Q(pk=carrier) | Q(joined_to=carrier))
    texts = list(rows.filter(state__in=(origin, MessageState.JOINED)).select_related(*ALONG).order_by("pk"))
    for each in texts:
        record(each, verb="settled", by=by, at=at, origin=each.state, goal=goal)
        if goal == MessageState.FAILED:
            _give_up_channel(each, at=at)
        elif each.state == origin:
            each.state, each.note, each.settled_at, each.lease_until = goal, Reason.SAID, at, None
    Message.objects.bulk_update(texts, SETTLED)
    words = (DeliveryEvent(message=each, state=goal, at=at, note=Reason.SAID) for each in texts)
    DeliveryEvent.objects.bulk_create(words, ignore_conflicts=True)
    message.refresh_from_db()
    ring()
    return texts


def _give_up_channel(message: Message, *, at: datetime) -> None:
    """Plan a message that did not arrive on its next rung; without one it has failed, and its people are called."""
    message.failed_channels = [*dict.fromkeys([*message.failed_channels, message.channel])]
    message.note, message.lease_until, message.joined_to = Reason.SAID, None, None
    if at < message.expires_at and _has_rung(message):
        message.state, message.channel, message.tries = MessageState.PLANNED, "", 0
        message.due_at, message.begun_at, message.settled_at = at, None, None
    else:
        message.state, message.settled_at = MessageState.FAILED, at


def _has_rung(message: Message) -> bool:
    refused = message.contact_point.refusals.values_list("channel", flat=True)
    closed = {*message.failed_channels, *refused}
    is_email = message.contact_point.is_email
    return any(fits(rung, is_email=is_email) and rung not in closed for rung in settings.MESSAGE_CHANNELS)


@transaction.atomic
def tell_by_hand(session: Session, *, person: Person, by: User, at: datetime) -> ManualContact:
    """Write down that a human told a person about the session as it stands; telling twice is one entry."""
    _refuse_silent(session)
    if not person.enrollments.filter(cohort__bookings__session=session, state__in=SEATED).exists():
        raise Refused(_("This person does not take part in this session."))
    told, new = ManualContact.objects.get_or_create(
        revision=SessionRevision.objects.get(session=session, number=session.revision),
        person=person,
        cancelled=session.state == SessionState.CANCELLED,
        defaults={"session": session, "by": by, "at": at},
    )
    if new:
        record(session, verb="told_by_hand", by=by, at=at, person=person.pk)
    return told


@transaction.atomic
def tell_people(session: Session, *, people: Iterable[Person], by: User, at: datetime) -> list[ManualContact]:
    """Write down that a human told everybody of a household in one go."""
    return [tell_by_hand(session, person=person, by=by, at=at) for person in people]


@transaction.atomic
def miss_call(session: Session, *, people: Iterable[Person], by: User, at: datetime) -> None:
    """Write down that somebody called these people and nobody answered; pressing twice is one call."""
    _refuse_silent(session)
    called = list(people)
    Session.objects.select_for_update(no_key=True).get(pk=session.pk)
    lately = MissedCall.objects.filter(session=session, person__in=called, by=by, at__gt=at - ONE_CALL)
    again = set(lately.values_list("person_id", flat=True))
    missed = [MissedCall(session=session, person=person, by=by, at=at) for person in called if person.pk not in again]
    if missed:
        MissedCall.objects.bulk_create(missed)
        record(session, verb="call_missed", by=by, at=at, people=[each.person_id for each in missed])


@transaction.atomic
def read_numbers_of(points: Iterable[ContactPoint], subject: models.Model, *, by: User, at: datetime) -> None:
    """Write down that somebody saw these numbers in full, and on what occasion."""
    occasion = {subject._meta.model_name or "subject": subject.pk}
    for point in points:
        record(point, verb="read_numbers", by=by, at=at, contact_points=[point.pk], **occasion)


def _refuse_silent(session: Session) -> None:
    if session.state not in TELLABLE:
        raise Refused(_("There is nothing to tell about this session."))


@transaction.atomic
def resume_channel(status: ChannelStatus, *, by: User, at: datetime) -> None:
    """Let texts leave by a channel again that was stopped, or that rests; one that runs stays as it is."""
    stopped = ChannelStatus.objects.filter(pk=status.pk, open_until__isnull=False)
    if stopped.update(failures=0, open_until=None, halted_at=None, code=""):
        record(status, verb="resumed", by=by, at=at)
    status.refresh_from_db()


@transaction.atomic
def keep_price(price: Price, *, by: User, at: datetime) -> Price:
    """Write a new price, or correct one; estimates follow at once."""
    verb = "price_changed" if price.pk else "price_set"
    price.clean_fields()
    price.save()
    facts = {"channel": price.channel, "category": price.category, "from": price.valid_from.isoformat()}
    record(price, verb=verb, by=by, at=at, amount=str(price.amount), **facts)
    return price


@transaction.atomic
def remove_price(price: Price, *, by: User, at: datetime) -> None:
    """Take away a price that was never right."""
    record(price, verb="price_removed", by=by, at=at, channel=price.channel, amount=str(price.amount))
    price.delete()


@transaction.atomic
def choose_notices(user: User, *, wanted: Collection[str], by: User, at: datetime) -> None:
    """Keep which notices of their role a member of staff wants; choosing the same again records nothing."""
    off = {str(kind) for kind in NOTICES_OF.get(user.role, ())} - set(wanted)
    before = set(Preference.objects.filter(user=user).values_list("kind", flat=True))
    if off == before:
        return
    Preference.objects.filter(user=user).exclude(kind__in=off).delete()
    Preference.objects.bulk_create((Preference(user=user, kind=kind) for kind in sorted(off)), ignore_conflicts=True)
    record(user, verb="notices_chosen", by=by, at=at, was=sorted(before), off=sorted(off))
