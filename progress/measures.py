"""Every number, counted once, in set-based SQL (the definition is in the domain's chapter on progress).

Each count can be restricted to given cohorts and modules, so that a table of cells can be kept fresh by the same SQL.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db import connection

from mentoring.states import VisitState
from programs.states import CAME, DELIVERED, AttendanceState, Mode, ModuleCode, SessionState

Given = dict[str, str | datetime | list[str] | list[int]]


class CellCount(NamedTuple):
    """One cohort x module: minutes for training, approved visits for visits and mentoring, paid claims for benefits."""

    cohort: int
    module: str
    mode: str
    required: int
    delivered: int
    planned: int
    pending: int


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


class PersonCount(NamedTuple):
    """One enrollment x training module: minutes attended and required, minimum attendance in percent, and seats."""

    enrollment: int
    module: str
    attended: int
    required: int
    minimum: int
    came: int
    kept: int
    seats: int


class Span(NamedTuple):
    """One enrollment: when the first session that the person came to began, and when the last one ended."""

    enrollment: int
    first_at: datetime
    last_at: datetime


# Each branch of `counted` gives at most one row per cohort and module, and branches are of different modes, so nothing
# multiplies. Paid claims will be one more branch (mode benefit); until there are claims, benefits count 0.
CELLS: Final = """
WITH counted AS (
    SELECT b.cohort_id, s.module_id,
           coalesce(sum(t.minutes) FILTER (WHERE s.state = ANY(%(held)s)), 0) AS delivered,
           sum(t.minutes) AS planned,
           0 AS pending
      FROM programs_booking b
      JOIN programs_session s ON s.id = b.session_id
      JOIN programs_module m ON m.code = s.module_id AND m.mode = %(training)s
     CROSS JOIN LATERAL (SELECT floor(extract(epoch FROM s.ends_at - s.starts_at) / 60)::bigint AS minutes) t
     WHERE b.cohort_id = ANY(%(cohorts)s)
       AND (s.state = ANY(%(held)s) OR (s.state = %(scheduled)s AND s.ends_at <= %(at)s))
     GROUP BY b.cohort_id, s.module_id
     UNION ALL
    SELECT v.cohort_id, touched.module_id,
           count(*) FILTER (WHERE v.state = %(approved)s),
           count(*) FILTER (WHERE v.state = %(approved)s),
           count(*) FILTER (WHERE v.state = %(submitted)s)
      FROM mentoring_visit v
      JOIN mentoring_visit_modules touched ON touched.visit_id = v.id
      JOIN programs_module m ON m.code = touched.module_id AND m.mode = ANY(%(visited)s)
     WHERE v.cohort_id = ANY(%(cohorts)s)
       AND v.state IN (%(approved)s, %(submitted)s)
     GROUP BY v.cohort_id, touched.module_id
)
SELECT c.id, m.code, m.mode, coalesce(r.required, 0)::bigint,
       coalesce(d.delivered, 0)::bigint, coalesce(d.planned, 0)::bigint, coalesce(d.pending, 0)::bigint
  FROM programs_cohort c
 CROSS JOIN programs_module m
  LEFT JOIN programs_requirement r ON r.cohort_id = c.id AND r.module_id = m.code
  LEFT JOIN counted d ON d.cohort_id = c.id AND d.module_id = m.code
 WHERE c.id = ANY(%(cohorts)s) AND m.code = ANY(%(modules)s)
 ORDER BY c.id, m.position
"""

SEATS: Final = """
SELECT e.cohort_id,
       count(*) FILTER (WHERE a.state = ANY(%(came)s)),
       count(*) FILTER (WHERE a.state = ANY(%(kept)s)),
       count(*)
  FROM programs_enrollment e
  JOIN programs_attendance a ON a.enrollment_id = e.id
  JOIN programs_session s ON s.id = a.session_id AND s.state = ANY(%(held)s)
 WHERE e.cohort_id = ANY(%(cohorts)s)
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

PEOPLE: Final = """
WITH sat AS (
    SELECT a.enrollment_id, s.module_id,
           coalesce(sum(a.minutes) FILTER (WHERE a.state = ANY(%(came)s)), 0) AS attended,
           count(*) FILTER (WHERE a.state = ANY(%(came)s)) AS came,
           count(*) FILTER (WHERE a.state = ANY(%(kept)s)) AS kept,
           count(*) AS seats
      FROM programs_attendance a
      JOIN programs_session s ON s.id = a.session_id AND s.state = ANY(%(held)s)
     WHERE a.enrollment_id = ANY(%(enrollments)s)
     GROUP BY a.enrollment_id, s.module_id
)
SELECT e.id, m.code, coalesce(sat.attended, 0)::bigint, coalesce(r.required, 0)::bigint,
       coalesce(r.minimum_attendance, 0)::bigint,
       coalesce(sat.came, 0)::bigint, coalesce(sat.kept, 0)::bigint, coalesce(sat.seats, 0)::bigint
  FROM programs_enrollment e
 CROSS JOIN programs_module m
  LEFT JOIN programs_requirement r ON r.cohort_id = e.cohort_id AND r.module_id = m.code
  LEFT JOIN sat ON sat.enrollment_id = e.id AND sat.module_id = m.code
 WHERE e.id = ANY(%(enrollments)s) AND m.mode = %(training)s
 ORDER BY e.id, m.position
"""

SPANS: Final = """
SELECT a.enrollment_id, min(s.starts_at), max(s.ends_at)
  FROM programs_attendance a
  JOIN programs_session s ON s.id = a.session_id AND s.state = ANY(%(held)s)
 WHERE a.enrollment_id = ANY(%(enrollments)s) AND a.state = ANY(%(came)s)
 GROUP BY a.enrollment_id
"""

WORDS: Final[Given] = {
    "held": [str(state) for state in DELIVERED],
    "scheduled": str(SessionState.SCHEDULED),
    "approved": str(VisitState.APPROVED),
    "submitted": str(VisitState.SUBMITTED),
    "training": str(Mode.TRAINING),
    "visited": [str(Mode.VISIT), str(Mode.MENTORING)],
    "came": [str(state) for state in CAME],
    "kept": [*map(str, CAME), str(AttendanceState.EXCUSED)],
}


def count_cells(cohorts: Iterable[int], *, at: datetime, modules: Sequence[str] = tuple(ModuleCode)) -> list[CellCount]:
    """Count what these cohorts were owed, got and should have got by `at`, module by module in their order."""
    given: Given = {"cohorts": list(cohorts), "modules": [str(code) for code in modules], "at": at}
    return [CellCount(*row) for row in _rows(CELLS, given)]


def count_seats(cohorts: Iterable[int]) -> list[SeatCount]:
    """Count the seats of held and closed sessions; a cohort without any is left out."""
    return [SeatCount(*row) for row in _rows(SEATS, {"cohorts": list(cohorts)})]


def count_sheet(session: int) -> SheetCount:
    """Count the seats of one session by what was marked."""
    return SheetCount(*_rows(SHEET, {"sessions": [session]})[0])


def count_session_seats(sessions: Iterable[int]) -> list[SessionSeatCount]:
    """Count the seats of these sessions; one that was not held, or has none, is left out."""
    return [SessionSeatCount(*row) for row in _rows(SESSION_SEATS, {"sessions": list(sessions)})]


def count_people(enrollments: Iterable[int]) -> list[PersonCount]:
    """Count the minutes these enrolled people attended, training module by training module in their order."""
    return [PersonCount(*row) for row in _rows(PEOPLE, {"enrollments": list(enrollments)})]


def read_spans(enrollments: Iterable[int]) -> list[Span]:
    """Read from when to when these enrolled people came to held and closed sessions; who never came is left out."""
    return [Span(*row) for row in _rows(SPANS, {"enrollments": list(enrollments)})]


def _rows(statement: str, given: Given) -> list[tuple[Any, ...]]:
    if not any(given.get(name) for name in ("cohorts", "enrollments", "sessions")):
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, {**WORDS, **given})
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
