"""What every way out promises: how it treats a letter it is given twice, and what it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final, Protocol
from uuid import UUID

from reminders.states import Channel, MessageState
from reminders.topics import LANGUAGE, LINK

WIDEST: Final = 64  # letters that may begin at once: what a kill may leave half done


class Guarantee(StrEnum):
    """What a gateway offers to find out whether a letter arrived there."""

    IDEMPOTENT = "idempotent"  # the same key twice is one letter
    LOOKUP = "lookup"  # it can be asked by key
    ECHO = "echo"  # it repeats our key in its own reports
    NONE = "none"


class Fault(StrEnum):
    """Why a gateway refused a letter, by what follows from it."""

    LATER = "later"  # busy or away: the same letter is tried again
    STOP = "stop"  # our account: nothing more goes this way until an operator says so
    ADDRESS = "address"  # this way never reaches this number
    LETTER = "letter"  # our mistake in this letter: this way cannot take it


@dataclass(frozen=True)
class Wording:
    """What one letter says, in the form of its channel."""

    text: str  # with the marker where the link goes; this is what the row keeps
    link: str = ""  # stands in place of the marker at hand-over, and is never kept
    language: str = LANGUAGE
    subject: str = ""  # of an e-mail
    template: str = ""  # the gateway's own name of an approved template; empty is free text
    parameters: tuple[str, ...] = ()  # of the template's body, in order; may hold the marker
    buttons: tuple[str, ...] = ()  # what each quick-reply button sends back, in order
    code: str = ""  # of signing in, for the button that copies it; such a letter is never kept
    calendar: bytes = b""  # to attach to an e-mail
    units: int = 1  # what is billed: the parts of an SMS

    @property
    def filled(self) -> str:
        """Write the text with its link."""
        return self.text.replace(LINK, self.link)

    @property
    def filled_parameters(self) -> tuple[str, ...]:
        """Write the parameters with their link."""
        return tuple(each.replace(LINK, self.link) for each in self.parameters)


@dataclass(frozen=True)
class Letter:
    """One wording for one number; the key is the same at every try."""

    key: UUID
    contact_point_id: int
    address: str  # E.164, or an e-mail address
    wording: Wording


@dataclass(frozen=True)
class Outcome:
    """What the gateway said of one letter: taken (accepted, sent), refused (failed, with the fault), or no answer."""

    state: MessageState
    note: str = ""
    provider_id: str = ""
    code: str = ""
    fault: Fault | None = None


class Gateway(Protocol):
    """One way out. A letter without an outcome was not answered."""

    channel: ClassVar[Channel]
    guarantee: ClassVar[Guarantee]
    width: ClassVar[int]  # letters handed over at once, at most WIDEST

    def deliver(self, letters: Sequence[Letter], *, at: datetime) -> Mapping[UUID, Outcome]:
        """Hand letters over and tell what became of each; called outside any transaction."""

    def look_up(self, keys: Sequence[UUID]) -> Mapping[UUID, Outcome]:
        """Ask what became of letters that were not answered; empty where a gateway cannot be asked."""
