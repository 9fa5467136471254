"""The human rungs of the ladder: what is sent by hand, whom to call, and the sheet for the village contact."""

from reminders.worklists.calls import (
    Call,
    Round,
    call_of,
    rounds_of,
    sessions_to_call,
    unanswered,
    unreached_soon,
)
from reminders.worklists.hand import Errand, errands_of, numbers_by_hand, numbers_seen
from reminders.worklists.sheet import calling_sheet

__all__ = [
    "Call",
    "Errand",
    "Round",
    "call_of",
    "calling_sheet",
    "errands_of",
    "numbers_by_hand",
    "numbers_seen",
    "rounds_of",
    "sessions_to_call",
    "unanswered",
    "unreached_soon",
]
