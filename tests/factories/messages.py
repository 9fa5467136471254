"""Messages, what became of them, and events."""

from datetime import date, timedelta
from decimal import Decimal

from common.models import Event
from reminders.models import ChannelStatus, DeliveryEvent, LoggedText, ManualContact, Message, MissedCall, Price
from reminders.states import Channel, Kind, MessageState
from tests.factories.base import NOW, RowFactory, from_row, one
from tests.factories.people import ContactPointFactory, PersonFactory, UserFactory
from tests.factories.programs import SessionFactory


class MessageFactory(RowFactory[Message]):
    """An invitation that is due now."""

    class Meta:
        model = Message

    session = one(SessionFactory)
    revision = from_row(lambda row: row.session.revisions.order_by("-number").first())
    contact_point = one(ContactPointFactory)
    kind = Kind.INVITATION
    due_at = NOW
    expires_at = from_row(lambda row: row.session.starts_at)
    lease_until = from_row(lambda row: NOW + timedelta(minutes=2) if row.state == MessageState.CLAIMED else None)
    state = MessageState.PLANNED


class DeliveryEventFactory(RowFactory[DeliveryEvent]):
    """One word from a gateway."""

    class Meta:
        model = DeliveryEvent

    message = one(MessageFactory)
    state = MessageState.DELIVERED
    at = NOW


class LoggedTextFactory(RowFactory[LoggedText]):
    """What the log channel would have sent."""

    class Meta:
        model = LoggedText

    contact_point = one(ContactPointFactory)
    text = "Halo Bu Lidia"
    at = NOW
    key = from_row(lambda row: MessageFactory.create(contact_point=row.contact_point).key)


class ManualContactFactory(RowFactory[ManualContact]):
    """A human told someone."""

    class Meta:
        model = ManualContact

    session = one(SessionFactory)
    person = one(PersonFactory)
    by = one(UserFactory)
    at = NOW
    revision = from_row(lambda row: row.session.revisions.order_by("-number").first())


class MissedCallFactory(RowFactory[MissedCall]):
    """A call that nobody answered."""

    class Meta:
        model = MissedCall

    session = one(SessionFactory)
    person = one(PersonFactory)
    by = one(UserFactory)
    at = NOW


class PriceFactory(RowFactory[Price]):
    """An SMS costs 350 rupiah from this year on."""

    class Meta:
        model = Price

    channel = Channel.SMS
    valid_from = date(2026, 1, 1)
    amount = Decimal("350.00")
    source = "Surat penawaran, 2 Januari 2026"


class ChannelStatusFactory(RowFactory[ChannelStatus]):
    """A channel that was stopped a minute ago."""

    class Meta:
        model = ChannelStatus

    channel = Channel.WHATSAPP
    failures = 1
    halted_at = NOW - timedelta(minutes=1)
    open_until = NOW + timedelta(minutes=14)
    code = "131031"


# -- common -----------------------------------------------------------------------------------------------------------


class EventFactory(RowFactory[Event]):
    """Something that happened."""

    class Meta:
        model = Event

    at = NOW
    by = one(UserFactory)
    verb = "changed"
    subject_type = "programs.session"
    subject_id = "1"
