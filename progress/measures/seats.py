"""Seats of held and closed sessions: who came, who was excused."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from progress.measures.asking import ask, bounds
from progress.period import ALWAYS, Period


class SeatCount(NamedTuple):
    """Seats of held and closed sessions of one cohort: who came, who came or was excused, all."""

    cohort: int
    came: int
    kept: int
    seats: int


class SheetCount(NamedTuple):
    """Seats of one session by what was marked; `leave` is every excuse but sickness, and all of them are `seats`."""

    present: int
    late: int
    sick: int
    leave: int
    absent: int
    unmarked: int
    seats: int


class SessionSeatCount(NamedTuple):
    """Seats of one held or closed session: who came, who came or was excused, all."""

    session: int
    came: int
    kept: int
    seats: int


SEATS: Final = """
SELECT e.cohort_id,
       count(*) FILTER (WHERE a.state = ANY(%(came)s)),
       count(*) FILTER (WHERE a.state = ANY(%(kept)s)),
       count(*)
  FROM programs_enrollment e
  JOIN programs_attendance a ON a.enrollment_id = e.id
  JOIN programs_session s ON s.id = a.session_id AND s.state = ANY(%(held)s)
 WHERE e.cohort_id = ANY(%(cohorts)s)
   AND s.ends_at >= %(start)s AND s.ends_at < %(end)s
 GROUP BY e.cohort_id
"""

SHEET: Final = """
SELECT count(*) FILTER (WHERE state = 'present'),
       count(*) FILTER (WHERE state = 'late'),
       count(*) FILTER (WHERE state = 'excused' AND excuse = 'sick'),
       count(*) FILTER (WHERE state = 'excused' AND excuse <> 'sick'),
       count(*) FILTER (WHERE state = 'absent'),
       count(*) FILTER (WHERE state = 'expected'),
       count(*)
  FROM programs_attendance
 WHERE session_id = ANY(%(sessions)s)
"""

SESSION_SEATS: Final = """
SELECT a.session_id,
       count(*) FILTER (WHERE a.state = ANY(%(came)s)),
       count(*) FILTER (WHERE a.state = ANY(%(kept)s)),
       count(*)
  FROM programs_attendance a
  JOIN programs_session s ON s.id = a.session_id AND s.state = ANY(%(held)s)
 WHERE a.session_id = ANY(%(sessions)s)
 GROUP BY a.session_id
 ORDER BY a.session_id
"""


def count_seats(cohorts: Iterable[int], *, period: Period = ALWAYS) -> list[SeatCount]:
    """Count the seats of held and closed sessions that ended in the period; a cohort without any is left out."""
    keys = list(cohorts)
    return [SeatCount(*row) for row in ask(SEATS, cohorts=keys, **bounds(period))] if keys else []


def count_sheet(session: int) -> SheetCount:
    """Count the seats of one session by what was marked."""
    return SheetCount(*ask(SHEET, sessions=[session])[0])


def count_session_seats(sessions: Iterable[int]) -> list[SessionSeatCount]:
    """Count the seats of these sessions; one that was not held, or has none, is left out."""
    keys = list(sessions)
    return [SessionSeatCount(*row) for row in ask(SESSION_SEATS, sessions=keys)] if keys else []
