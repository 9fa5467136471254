"""What a period brought: people reached, training hours, visits, and what is still to be done."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from progress.measures.asking import ask, bounds
from progress.period import Period


class TrainedCount(NamedTuple):
    """People, each once, who came to a session that ended in the period."""

    trained: int
    women: int


class HourCount(NamedTuple):
    """Minutes of training; a joint session counts in each cohort."""

    delivered: int
    planned: int


class VisitCount(NamedTuple):
    """Visits to one village in the period."""

    village: int
    approved: int
    pending: int


class ItemCount(NamedTuple):
    """Action items that are open at a moment, by days since the visit."""

    within_30: int
    within_60: int
    within_90: int
    older: int
    total: int
    overdue: int


TRAINED: Final = """
SELECT count(DISTINCT p.id), count(DISTINCT p.id) FILTER (WHERE p.sex = %(female)s)
  FROM programs_enrollment e
  JOIN programs_attendance a ON a.enrollment_id = e.id AND a.state = ANY(%(came)s)
  JOIN programs_session s ON s.id = a.session_id AND s.state = ANY(%(held)s)
  JOIN villages_person p ON p.id = e.person_id
 WHERE e.cohort_id = ANY(%(cohorts)s)
   AND s.ends_at >= %(start)s AND s.ends_at < %(end)s
"""

HOURS: Final = """
SELECT coalesce(sum(t.minutes) FILTER (WHERE s.state = ANY(%(held)s)), 0)::bigint, coalesce(sum(t.minutes), 0)::bigint
  FROM programs_booking b
  JOIN programs_session s ON s.id = b.session_id
  JOIN programs_module m ON m.code = s.module_id AND m.mode = %(training)s
 CROSS JOIN LATERAL (SELECT floor(extract(epoch FROM s.ends_at - s.starts_at) / 60)::bigint AS minutes) t
 WHERE b.cohort_id = ANY(%(cohorts)s)
   AND (s.state = ANY(%(held)s) OR (s.state = %(scheduled)s AND s.ends_at <= %(at)s))
   AND s.ends_at >= %(start)s AND s.ends_at < %(end)s
"""

# A visit belongs to the cohort it serves; one that serves none belongs to its program's support of its village.
SERVES: Final = """
(v.cohort_id = ANY(%(cohorts)s) OR (v.cohort_id IS NULL AND EXISTS (
     SELECT FROM programs_cohort c
      WHERE c.id = ANY(%(cohorts)s) AND c.program_id = v.program_id AND c.village_id = v.village_id)))
"""

VISITS: Final = f"""
SELECT v.village_id, count(*) FILTER (WHERE v.state = %(approved)s), count(*) FILTER (WHERE v.state = %(submitted)s)
  FROM mentoring_visit v
 WHERE v.state IN (%(approved)s, %(submitted)s)
   AND v.visited_at >= %(start)s AND v.visited_at < %(end)s
   AND {SERVES}
 GROUP BY v.village_id
"""  # noqa: S608  nothing but our own words is joined

ITEMS: Final = f"""
SELECT count(*) FILTER (WHERE age.days <= 30),
       count(*) FILTER (WHERE age.days BETWEEN 31 AND 60),
       count(*) FILTER (WHERE age.days BETWEEN 61 AND 90),
       count(*) FILTER (WHERE age.days > 90),
       count(*),
       count(*) FILTER (WHERE i.due_on < %(day)s)
  FROM mentoring_actionitem i
  JOIN mentoring_visit v ON v.id = i.visit_id AND v.state <> %(draft)s
 CROSS JOIN LATERAL (SELECT %(day)s::date - (v.visited_at AT TIME ZONE %(zone)s)::date AS days) age
 WHERE v.visited_at < %(moment)s
   AND (i.state = %(open)s OR i.settled_at >= %(moment)s)
   AND {SERVES}
"""  # noqa: S608  nothing but our own words is joined


def count_trained(cohorts: Sequence[int], *, period: Period) -> TrainedCount:
    """Count who came to held and closed sessions of these cohorts."""
    return TrainedCount(*ask(TRAINED, cohorts=list(cohorts), **bounds(period))[0])


def count_hours(cohorts: Sequence[int], *, period: Period, at: datetime) -> HourCount:
    """Count minutes held, and with them what should have been held by `at`."""
    return HourCount(*ask(HOURS, cohorts=list(cohorts), at=at, **bounds(period))[0])


def count_visits(cohorts: Sequence[int], *, period: Period) -> list[VisitCount]:
    """Count visits that serve these cohorts; a village without any is left out."""
    return [VisitCount(*row) for row in ask(VISITS, cohorts=list(cohorts), **bounds(period))]


def count_items(cohorts: Sequence[int], *, moment: datetime, day: date, zone: str) -> ItemCount:
    """Count what was agreed at such visits before a moment and is not settled by then; `day` is that moment's."""
    return ItemCount(*ask(ITEMS, cohorts=list(cohorts), moment=moment, day=day, zone=str(zone))[0])
