"""Claims of the sample-shipping subsidy: what was promised, paid and waited for."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final, NamedTuple

from progress.measures.asking import ask, bounds
from progress.period import Period


class ClaimCount(NamedTuple):
    """Rupiah approved and paid in a period, claims open at its end, and the mean days until the money came."""

    committed: Decimal
    paid: Decimal
    committed_count: int
    paid_count: int
    open_count: int
    days_to_pay: Decimal | None


# A claim belongs to the cohort it serves; one that serves none, to its program's support of its unit's village.
CLAIM_SERVES: Final = """
(k.cohort_id = ANY(%(cohorts)s) OR (k.cohort_id IS NULL AND EXISTS (
     SELECT FROM programs_cohort c
      WHERE c.id = ANY(%(cohorts)s) AND c.program_id = k.program_id AND c.village_id = u.village_id)))
"""

CLAIMS: Final = f"""
WITH chosen AS (
    SELECT k.*, k.state = ANY(%(granted)s) AND k.approved_at >= %(start)s AND k.approved_at < %(end)s AS committed,
           k.state = ANY(%(paid)s) AND k.paid_on BETWEEN %(first)s AND %(last)s AS paid
      FROM exports_subsidyclaim k
      JOIN villages_businessunit u ON u.id = k.business_unit_id
     WHERE {CLAIM_SERVES}
)
SELECT coalesce(sum(approved_amount) FILTER (WHERE committed), 0),
       coalesce(sum(approved_amount) FILTER (WHERE paid), 0),
       count(*) FILTER (WHERE committed),
       count(*) FILTER (WHERE paid),
       count(*) FILTER (WHERE submitted_at < %(moment)s
           AND (state = ANY(%(waiting)s)
             OR (state = ANY(%(paid)s) AND paid_on > %(day)s)
             OR (state = ANY(%(off)s) AND moved_at >= %(moment)s))),
       round(avg(paid_on - (submitted_at AT TIME ZONE %(zone)s)::date) FILTER (WHERE paid), 1)
  FROM chosen
"""  # noqa: S608  nothing but our own words is joined


def count_claims(cohorts: Sequence[int], *, period: Period, moment: datetime, day: date) -> ClaimCount:
    """Count the claims that serve these cohorts; what is open is asked for a moment, and `day` is that moment's."""
    given = {"cohorts": list(cohorts), "moment": moment, "day": day}
    return ClaimCount(*ask(CLAIMS, **given, **bounds(period))[0])
