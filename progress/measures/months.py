"""What each month brought, for the trend."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from programs.states import ModuleCode
from progress.measures.asking import ask, bounds
from progress.measures.claims import CLAIM_SERVES
from progress.measures.outcomes import SERVES
from progress.period import Period


class MonthCount(NamedTuple):
    """One month: minutes of training held, approved visits, paid claims."""

    month: date
    minutes: int
    visits: int
    claims: int


# A visit counts once, whatever it touched; asked for some modules, it counts when it touched one of them.
MONTHS: Final = f"""
WITH happened AS (
    SELECT (s.ends_at AT TIME ZONE %(zone)s)::date AS day,
           floor(extract(epoch FROM s.ends_at - s.starts_at) / 60)::bigint AS minutes, 0 AS visits, 0 AS claims
      FROM programs_booking b
      JOIN programs_session s ON s.id = b.session_id AND s.state = ANY(%(held)s)
      JOIN programs_module m ON m.code = s.module_id AND m.mode = %(training)s AND m.code = ANY(%(modules)s)
     WHERE b.cohort_id = ANY(%(cohorts)s) AND s.ends_at >= %(start)s AND s.ends_at < %(end)s
     UNION ALL
    SELECT (v.visited_at AT TIME ZONE %(zone)s)::date, 0, 1, 0
      FROM mentoring_visit v
     WHERE v.state = %(approved)s AND v.visited_at >= %(start)s AND v.visited_at < %(end)s
       AND (%(whole)s OR EXISTS (SELECT FROM mentoring_visit_modules t
                                  WHERE t.visit_id = v.id AND t.module_id = ANY(%(modules)s)))
       AND {SERVES}
     UNION ALL
    SELECT k.paid_on, 0, 0, 1
      FROM exports_subsidyclaim k
      JOIN villages_businessunit u ON u.id = k.business_unit_id
     WHERE k.state = ANY(%(paid)s) AND k.paid_on BETWEEN %(first)s AND %(last)s
       AND %(samples)s = ANY(%(modules)s)
       AND {CLAIM_SERVES}
)
SELECT date_trunc('month', day::timestamp)::date AS month,
       sum(minutes)::bigint, sum(visits)::bigint, sum(claims)::bigint
  FROM happened
 GROUP BY month
 ORDER BY month
"""  # noqa: S608  nothing but our own words is joined


def count_months(
    cohorts: Sequence[int], *, period: Period, modules: Sequence[str] = tuple(ModuleCode)
) -> list[MonthCount]:
    """Count for these cohorts month by month; a month without anything is left out."""
    codes = [str(code) for code in modules]
    given = {"cohorts": list(cohorts), "modules": codes, "whole": set(codes) >= set(ModuleCode.values)}
    return [MonthCount(*row) for row in ask(MONTHS, **given, **bounds(period))]
