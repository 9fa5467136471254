"""The last look: whether one claimed message may leave now. Pure; it reads no row and no clock."""

from dataclasses import dataclass
from datetime import datetime

from reminders.hours import BETWEEN_REMINDERS, is_quiet, out_of_quiet
from reminders.states import JOINED, Kind, MessageState, Reason


@dataclass(frozen=True)
class Look:
    """What holds about one message at the moment it would leave."""

    kind: Kind
    due_at: datetime
    expires_at: datetime
    zone: str  # of the recipient
    objection: tuple[MessageState, Reason] | None = None  # of what it is about: changed, cancelled, settled
    reachable: bool = True
    consenting: bool = True  # at least one of its people has a live consent; staff need none
    heard_at: datetime | None = None  # when the number last had a reminder
    at_once: bool = False  # it concerns today, or answers somebody: it may break the night


@dataclass(frozen=True)
class Verdict:
    """Where the message goes: claimed means that it leaves now, planned that it waits until due_at."""

    state: MessageState
    note: str = ""
    due_at: datetime | None = None


GO = Verdict(MessageState.CLAIMED)


def judge(look: Look, *, at: datetime) -> Verdict:
    """Decide on one message; the first objection counts."""
    objections = (
        (look.objection is not None, *(look.objection or (MessageState.SUPERSEDED, Reason.CHANGED))),
        (at >= look.expires_at, MessageState.EXPIRED, Reason.TOO_LATE),
        (not look.reachable, MessageState.BLOCKED, Reason.UNREACHABLE),
        (not look.consenting, MessageState.BLOCKED, Reason.NO_CONSENT),
    )
    refused = next((Verdict(state, reason) for holds, state, reason in objections if holds), None)
    return refused or _wait(look, at)


def _wait(look: Look, at: datetime) -> Verdict:
    """Let it go, or put it off: not at night, and one reminder an hour."""
    until, reason = at, ""
    if look.kind in JOINED and look.heard_at and at < look.heard_at + BETWEEN_REMINDERS:
        until, reason = look.heard_at + BETWEEN_REMINDERS, Reason.TOO_SOON
    if not look.at_once and is_quiet(until, look.zone):
        until, reason = out_of_quiet(until, look.zone), Reason.QUIET
    if until >= look.expires_at:
        return Verdict(MessageState.EXPIRED, Reason.TOO_LATE)
    return Verdict(MessageState.PLANNED, reason, until) if until > at else GO
