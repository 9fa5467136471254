"""Gateways inside the process of a test: each answers what it is told to, and keeps the letters it was given."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from reminders.channels.gateway import Fault, Guarantee, Letter, Outcome
from reminders.sender import send_due
from reminders.states import Channel, MessageState

TAKEN = Outcome(MessageState.ACCEPTED)
BUSY = Outcome(MessageState.FAILED, code="busy", fault=Fault.LATER)
DEAD = Outcome(MessageState.FAILED, code="131026", fault=Fault.ADDRESS)
WRONG = Outcome(MessageState.FAILED, code="132001", fault=Fault.LETTER)
STOP = Outcome(MessageState.FAILED, code="190", fault=Fault.STOP)
SILENT = Outcome(MessageState.UNKNOWN)


class Postman:
    """One way out; `says` is one answer for all, or one for each address, or what to ask about each letter."""

    def __init__(
        self,
        says: Outcome | Mapping[str, Outcome] | Callable[[Letter], Outcome] = TAKEN,
        *,
        channel: Channel = Channel.SMS,
        guarantee: Guarantee = Guarantee.NONE,
        width: int = 64,
    ) -> None:
        self.says, self.channel, self.guarantee, self.width = says, channel, guarantee, width
        self.letters: list[Letter] = []
        self.found: dict[UUID, Outcome] = {}
        self.asked: list[UUID] = []

    def deliver(self, letters: Sequence[Letter], *, at: datetime) -> Mapping[UUID, Outcome]:  # noqa: ARG002  by name
        said = {}
        for letter in letters:
            self.letters.append(letter)
            outcome = self._answer(letter)
            if outcome is not SILENT:
                named = outcome.provider_id or (f"{self.channel}-{len(self.letters)}" if not outcome.fault else "")
                said[letter.key] = Outcome(outcome.state, outcome.note, named, outcome.code, outcome.fault)
        return said

    def look_up(self, keys: Sequence[UUID]) -> Mapping[UUID, Outcome]:
        self.asked += keys
        return {key: self.found[key] for key in keys if key in self.found}

    def _answer(self, letter: Letter) -> Outcome:
        if isinstance(self.says, Outcome):
            return self.says
        return self.says.get(letter.address, TAKEN) if isinstance(self.says, Mapping) else self.says(letter)

    @property
    def addresses(self) -> list[str]:
        return [letter.address for letter in self.letters]


def tick(at: datetime, *gateways: Any, **facts: Any) -> int:
    """Run one tick at that moment with these gateways as the ladder."""
    return send_due(clock=lambda: at, gateways=gateways, **facts)
