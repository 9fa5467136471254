"""What every way out promises: how it treats a letter it is given twice, and what it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Protocol
from uuid import UUID

from reminders.states import Channel, MessageState


class Guarantee(StrEnum):
    """What a gateway offers to find out whether a letter arrived there."""

    IDEMPOTENT = "idempotent"  # the same key twice is one letter
    LOOKUP = "lookup"  # it can be asked by key
    ECHO = "echo"  # it repeats our key in its own reports
    NONE = "none"


@dataclass(frozen=True)
class Letter:
    """One text for one number; the key is the same at every try."""

    key: UUID
    contact_point_id: int
    number: str
    text: str  # with the marker where the link goes; the adapter fills it in
    filled: str


@dataclass(frozen=True)
class Outcome:
    """What the gateway said of one letter."""

    state: MessageState
    note: str = ""
    provider_id: str = ""


class Gateway(Protocol):
    """One way out. A letter without an outcome was not answered."""

    channel: ClassVar[Channel]
    guarantee: ClassVar[Guarantee]

    def deliver(self, letters: Sequence[Letter], *, at: datetime) -> Mapping[UUID, Outcome]:
        """Hand letters over and tell what became of each; called outside any transaction."""
