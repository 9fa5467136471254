"""By which way a text goes, and what follows when one refuses it. Pure; it reads no row and no clock."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from reminders.channels.gateway import Fault
from reminders.states import Channel, Reason

BY_PHONE = (Channel.WHATSAPP, Channel.SMS, Channel.MANUAL)
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (30, 120, 600, 1800))  # after each refused try
FOR_A_HUMAN = timedelta(hours=1)  # what somebody needs to work through a list


@dataclass(frozen=True)
class Way:
    """By which channel a text leaves now, or until when it waits for one; neither: nothing reaches this number."""

    channel: str = ""
    until: datetime | None = None


def fits(channel: str, *, is_email: bool) -> bool:
    """Say whether a channel can reach this kind of address at all."""
    return not is_email if channel in BY_PHONE else is_email or channel != Channel.EMAIL


def choose(
    rungs: Sequence[str],
    *,
    is_email: bool,
    closed: Collection[str],
    resting: Mapping[str, datetime],
    expires_at: datetime,
) -> Way:
    """Take the first rung that fits, is not closed to this text and does not rest; people come last.

    A rest is waited for as long as somebody could still tell them by hand afterwards.
    """
    open_rungs = [rung for rung in rungs if fits(rung, is_email=is_email) and rung not in closed]
    gateways = [rung for rung in open_rungs if rung != Channel.MANUAL]
    if awake := [rung for rung in gateways if rung not in resting]:
        return Way(awake[0])
    soonest = min((resting[rung] for rung in gateways), default=None)
    if Channel.MANUAL in open_rungs and (soonest is None or soonest + FOR_A_HUMAN > expires_at):
        return Way(Channel.MANUAL)
    return Way(until=min(soonest, expires_at) if soonest else None)


@dataclass(frozen=True)
class Setback:
    """What follows a refusal: when it is tried again, and whether this channel is given up."""

    due_at: datetime
    tries: int
    note: str
    given_up: bool


def setback(fault: Fault, *, tries: int, note: str, at: datetime, expires_at: datetime) -> Setback:
    """Wait and try again after a passing trouble, take the next rung after any other; never beyond its useful time."""
    now = min(at, expires_at)
    if fault == Fault.STOP:
        return Setback(now, tries, Reason.RESTING, given_up=False)
    if fault == Fault.LATER and tries < len(PAUSES) and at + PAUSES[tries] < expires_at:
        return Setback(at + PAUSES[tries], tries + 1, Reason.LATER, given_up=False)
    return Setback(now, 0, note, given_up=True)
