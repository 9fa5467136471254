"""The outbox: what must be told is a row, written in the transaction that made it true."""

from reminders.models.delivery import ChannelStatus, DeliveryEvent, GatewayEvent, LoggedText, Refusal
from reminders.models.hand import ManualContact, MissedCall
from reminders.models.message import Message
from reminders.models.preference import Preference
from reminders.models.price import Price
from reminders.models.pulse import Outage, Pulse, Sweep

__all__ = [
    "ChannelStatus",
    "DeliveryEvent",
    "GatewayEvent",
    "LoggedText",
    "ManualContact",
    "Message",
    "MissedCall",
    "Outage",
    "Preference",
    "Price",
    "Pulse",
    "Refusal",
    "Sweep",
]
