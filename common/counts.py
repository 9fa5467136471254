"""Counts that never multiply: one subquery each, one query for any number of rows."""

from django.db import models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce


def tally(rows: models.QuerySet[models.Model], *, per: str) -> Coalesce:
    """Count `rows` for each outer row that their field `per` points to; 0 where there is none."""
    counted = rows.filter(**{per: OuterRef("pk")}).order_by().values(per).annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), 0)
