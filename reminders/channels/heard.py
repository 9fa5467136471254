"""What gateways tell us of their own accord, already read by their adapters."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from reminders.states import Channel, MessageState


@dataclass(frozen=True)
class Report:
    """One word about one of our letters; late, twice and out of order is normal."""

    channel: Channel
    provider_id: str
    state: MessageState
    at: datetime
    key: UUID | None = None  # ours, where the gateway repeats it
    recipient: str = ""  # E.164 where it is told
    code: str = ""
    billable: bool | None = None
    category: str = ""


@dataclass(frozen=True)
class Said:
    """One thing that somebody wrote to us."""

    channel: Channel
    event_id: str  # the gateway's own, unique
    at: datetime
    sender: str = ""  # E.164 where it is told
    user_id: str = ""  # the gateway's own id of the person
    text: str = ""
    payload: str = ""  # of a quick-reply button
    context: str = ""  # the gateway's id of our letter that this answers


@dataclass(frozen=True)
class TemplateWord:
    """What a gateway says of one of our templates: its state (`approved`, `rejected`, ...) or its new category."""

    channel: Channel
    name: str
    language: str
    state: str = ""
    category: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Heard:
    """All that one request of a gateway told; what could not be read is counted."""

    reports: tuple[Report, ...] = ()
    said: tuple[Said, ...] = ()
    templates: tuple[TemplateWord, ...] = ()
    unread: int = 0
