"""Enrolled people: minutes attended, and from when to when."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple

from progress.measures.asking import ask


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


def count_people(enrollments: Iterable[int]) -> list[PersonCount]:
    """Count the minutes these enrolled people attended, training module by training module in their order."""
    keys = list(enrollments)
    return [PersonCount(*row) for row in ask(PEOPLE, enrollments=keys)] if keys else []


def read_spans(enrollments: Iterable[int]) -> list[Span]:
    """Read from when to when these enrolled people came to held and closed sessions; who never came is left out."""
    keys = list(enrollments)
    return [Span(*row) for row in ask(SPANS, enrollments=keys)] if keys else []
