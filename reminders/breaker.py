"""How each channel fares, shared by all senders: it rests after failures, stops at a word, and keeps to its rate."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from reminders.channels.gateway import Fault, Outcome
from reminders.claims import database_clock
from reminders.models import ChannelStatus
from reminders.states import MessageState

MOST = 5  # failures in a row; then the channel rests, and after that one letter tries it
REST, LONGEST_REST = timedelta(seconds=30), timedelta(minutes=10)
DOUBLINGS = 5  # from the first rest to the longest
HALT = timedelta(minutes=15)  # after "stop the run", unless an operator is faster
FARTHEST = timedelta(minutes=20)  # what lies beyond was written by a clock that ran ahead, and counts for nothing
TRIAL = timedelta(minutes=1)  # what one letter may take to find out
SECOND = timedelta(seconds=1)
FASTEST = 0.97  # of the rate that is allowed: two senders' letters may bunch on their way

# One statement reserves the moments at which letters begin, for all senders; of a channel on trial, for one letter.
ADMIT = """
WITH asked AS (
    SELECT channel, failures, CASE WHEN failures >= %(most)s THEN 1 ELSE %(letters)s::int END AS letters,
        CASE WHEN free_at BETWEEN clock_timestamp() AND clock_timestamp() + %(farthest)s THEN free_at
            ELSE clock_timestamp() END AS starts_at
    FROM reminders_channelstatus
    WHERE channel = %(channel)s
        AND (open_until IS NULL OR open_until NOT BETWEEN clock_timestamp() AND clock_timestamp() + %(farthest)s)
    FOR NO KEY UPDATE
)
UPDATE reminders_channelstatus status
SET free_at = asked.starts_at + %(pace)s * asked.letters,
    open_until = CASE WHEN asked.failures >= %(most)s THEN clock_timestamp() + %(trial)s END
FROM asked
WHERE status.channel = asked.channel
RETURNING asked.letters, asked.failures, extract(epoch FROM asked.starts_at - clock_timestamp())
"""
RESTING = """
SELECT channel, open_until - clock_timestamp() FROM reminders_channelstatus
WHERE open_until BETWEEN clock_timestamp() AND clock_timestamp() + %(farthest)s
"""


@dataclass(frozen=True)
class Turn:
    """How many letters may begin, and in how many seconds."""

    letters: int
    failures: int
    wait: float
    paced: bool = False  # a rate is kept here

    @property
    def is_trial(self) -> bool:
        """Say whether this one letter finds out if the channel works again."""
        return self.failures >= MOST


def open_books(channels: Collection[str]) -> None:
    """Have a row for each channel; whoever comes second finds it."""
    ChannelStatus.objects.bulk_create((ChannelStatus(channel=each) for each in channels), ignore_conflicts=True)


def resting(at: datetime) -> dict[str, datetime]:
    """Tell which channels rest, and until when, on the clock that reads `at` now."""
    facts: dict[str, Any] = {"farthest": FARTHEST}
    with connection.cursor() as cursor:
        cursor.execute(RESTING, facts)
        return {channel: at + left for channel, left in cursor.fetchall()}


def admit(channel: str, *, letters: int, rate: float) -> Turn | None:
    """Reserve a turn for so many letters at so many a second (0 = any); None when the channel rests."""
    pace = timedelta(seconds=1 / (rate * FASTEST)) if rate else timedelta()
    facts: dict[str, Any] = {"channel": channel, "letters": letters, "pace": pace, "most": MOST, "trial": TRIAL}
    facts["farthest"] = FARTHEST
    with connection.cursor() as cursor:
        cursor.execute(ADMIT, facts)
        row = cursor.fetchone()
    return Turn(row[0], row[1], max(0.0, float(row[2])), paced=bool(rate)) if row else None


@dataclass
class Series:
    """What some outcomes, in the order of their letters, say about a channel."""

    worked: bool = False
    streak: int = 0  # of failures, up to now
    busy: bool = False
    stopped: bool = False
    code: str = ""

    def add(self, outcome: Outcome) -> None:
        """Count one more."""
        if outcome.fault == Fault.STOP:
            self.stopped, self.code = True, outcome.code
        elif outcome.fault == Fault.LATER or outcome.state == MessageState.UNKNOWN:
            self.streak += 1
            self.busy |= outcome.fault == Fault.LATER
        else:
            self.worked, self.streak = True, 0


def learn(channel: str, outcomes: Iterable[Outcome], turn: Turn) -> None:
    """Keep what the outcomes say; nothing is written while all goes well."""
    series = Series()
    for outcome in outcomes:
        series.add(outcome)
    if series.stopped or series.streak or series.busy or turn.failures:
        _write(channel, series, turn)


@transaction.atomic
def _write(channel: str, series: Series, turn: Turn) -> None:
    status, now = ChannelStatus.objects.select_for_update(no_key=True).get(pk=channel), database_clock()
    rests = status.open_until is not None and status.open_until > now and not turn.is_trial
    if series.stopped:
        _halt(status, series.code, now)
    elif series.worked and not (rests and status.halted_at):
        status.failures, status.open_until = min(series.streak, MOST), None
        status.halted_at, status.code = None, ""
        _rest(status, now)
    elif not rests and series.streak:  # who began before a rest and fails during it adds nothing to it
        more = series.streak if status.failures < MOST else 1
        status.failures = min(status.failures + more, MOST if status.failures < MOST else MOST + DOUBLINGS)
        _rest(status, now)
    if turn.paced and series.busy:  # whoever says "too fast" counts the last second
        status.free_at = max(status.free_at or now, now + SECOND)
    status.save(update_fields=["failures", "open_until", "halted_at", "code", "free_at"])


def _rest(status: ChannelStatus, now: datetime) -> None:
    """Let a channel rest that failed too often in a row, each time twice as long."""
    if status.failures >= MOST:
        pause = REST * 2 ** (min(status.failures, MOST + DOUBLINGS) - MOST)
        status.open_until = now + min(pause, LONGEST_REST)


def _halt(status: ChannelStatus, code: str, now: datetime) -> None:
    """Stop a channel whose gateway said that nothing more goes this way."""
    status.failures = max(status.failures, MOST)
    status.halted_at, status.open_until, status.code = status.halted_at or now, now + HALT, code[:20]
