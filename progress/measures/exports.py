"""Exports: verified, and reported beside; and units that exported for the first time."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from progress.measures.asking import ask, bounds
from progress.period import Period


class ExportCount(NamedTuple):
    """Rupiah and number of exports of one year, product or country; `dimension` is empty for all of them."""

    dimension: str
    key: str
    label: str
    verified: Decimal
    reported: Decimal
    count_verified: int
    count_reported: int


class FirstExport(NamedTuple):
    """One business unit and the day of its earliest verified export; a household's name is not given."""

    unit: int
    name: str
    village: int
    on: date


EXPORTS: Final = """
WITH sold AS (
    SELECT x.rupiah, x.state = %(verified)s AS sure,
           extract(year FROM x.exported_on)::int::text AS year,
           lower(btrim(regexp_replace(x.product, '\\s+', ' ', 'g'))) AS product,
           btrim(regexp_replace(x.product, '\\s+', ' ', 'g')) AS label,
           x.country
      FROM exports_exporttransaction x
      JOIN villages_businessunit u ON u.id = x.business_unit_id
     WHERE u.village_id = ANY(%(villages)s)
       AND (x.state = %(verified)s OR x.state = ANY(%(said)s))
       AND x.exported_on BETWEEN %(first)s AND %(last)s
)
SELECT CASE WHEN grouping(year) = 0 THEN 'year' WHEN grouping(product) = 0 THEN 'product'
            WHEN grouping(country) = 0 THEN 'country' ELSE '' END AS dimension,
       coalesce(year, product, country, '') AS key,
       CASE WHEN grouping(product) = 0 THEN min(label COLLATE "C") ELSE '' END,
       coalesce(sum(rupiah) FILTER (WHERE sure), 0),
       coalesce(sum(rupiah) FILTER (WHERE NOT sure), 0),
       count(*) FILTER (WHERE sure),
       count(*) FILTER (WHERE NOT sure)
  FROM sold
 GROUP BY GROUPING SETS ((year), (product), (country), ())
"""

FIRST_EXPORTS: Final = """
SELECT u.id, CASE WHEN u.kind = 'household' THEN '' ELSE u.name END, u.village_id, min(x.exported_on)
  FROM villages_businessunit u
  JOIN exports_exporttransaction x ON x.business_unit_id = u.id AND x.state = %(verified)s
 WHERE u.village_id = ANY(%(villages)s)
 GROUP BY u.id
HAVING min(x.exported_on) BETWEEN %(first)s AND %(last)s
 ORDER BY 4, 1
"""


def count_exports(villages: Sequence[int], *, period: Period) -> list[ExportCount]:
    """Count the exports of these villages' units: all of them, and by year, product and country."""
    return [ExportCount(*row) for row in ask(EXPORTS, villages=list(villages), **bounds(period))]


def read_first_exports(villages: Sequence[int], *, period: Period) -> list[FirstExport]:
    """Read which of these villages' units exported for the first time in the period, in order of the day."""
    return [FirstExport(*row) for row in ask(FIRST_EXPORTS, villages=list(villages), **bounds(period))]
