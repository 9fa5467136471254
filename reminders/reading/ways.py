"""The ladder as people read it: which ways a message has tried, and which comes next."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reminders.ladder import fits
from reminders.models import Message
from reminders.states import Channel, MessageState


@dataclass(frozen=True)
class Way:
    """One rung of the ladder: the channel, what became of it there, and when it is tried."""

    channel: Channel
    words: str | Promise
    at: datetime | None = None


def next_way(message: Message) -> Channel | None:
    """Name the rung that a waiting message takes next: one that fits, was not tried in vain and is not refused."""
    if message.channel == Channel.MANUAL and Channel.MANUAL not in message.failed_channels:
        return Channel.MANUAL
    point = message.contact_point
    closed = {*message.failed_channels, *(refusal.channel for refusal in point.refusals.all())}
    open_ways = (
        name for name in settings.MESSAGE_CHANNELS if fits(name, is_email=point.is_email) and name not in closed
    )
    return next((Channel(name) for name in open_ways), None)


def ways_of(message: Message) -> list[Way]:
    """List the rungs of one message in their order: those that could not, the one it took or takes next."""
    ways = [Way(Channel(name), _("Could not be reached this way.")) for name in message.failed_channels]
    if message.state in (MessageState.PLANNED, MessageState.BLOCKED):
        coming = next_way(message)
        words = _("Waits on the list of what is sent by hand.") if coming == Channel.MANUAL else _("Comes next.")
        return [*ways, Way(coming, words, message.due_at)] if coming else ways
    if message.channel and message.channel not in message.failed_channels:
        ways.append(Way(Channel(message.channel), message.get_state_display(), message.settled_at or message.begun_at))
    return ways
