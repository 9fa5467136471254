"""Cohort x module: what was required, delivered, planned by now, and what waits."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from programs.states import ModuleCode
from progress.measures.asking import ask, bounds
from progress.period import ALWAYS, Period


class CellCount(NamedTuple):
    """One cohort x module: minutes for training, approved visits for visits and mentoring, paid claims for benefits."""

    cohort: int
    module: str
    mode: str
    required: int
    delivered: int
    planned: int
    pending: int


# Each branch of `counted` gives at most one row per cohort and module, and branches are of different modes, so nothing
# multiplies. In a period count sessions that ended, visits that were made and claims that were paid in it.
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
       AND s.ends_at >= %(start)s AND s.ends_at < %(end)s
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
       AND v.visited_at >= %(start)s AND v.visited_at < %(end)s
     GROUP BY v.cohort_id, touched.module_id
     UNION ALL
    SELECT k.cohort_id, m.code, count(*), count(*), 0
      FROM exports_subsidyclaim k
      JOIN programs_module m ON m.code = %(samples)s AND m.mode = %(benefit)s
     WHERE k.cohort_id = ANY(%(cohorts)s)
       AND k.state = ANY(%(paid)s)
       AND k.paid_on BETWEEN %(first)s AND %(last)s
     GROUP BY k.cohort_id, m.code
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


def count_cells(
    cohorts: Iterable[int], *, at: datetime, modules: Sequence[str] = tuple(ModuleCode), period: Period = ALWAYS
) -> list[CellCount]:
    """Count what these cohorts were owed, got and should have got by `at`, module by module in their order."""
    keys, codes = list(cohorts), [str(code) for code in modules]
    if not keys:
        return []
    return [CellCount(*row) for row in ask(CELLS, cohorts=keys, modules=codes, at=at, **bounds(period))]
