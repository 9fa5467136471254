"""Columns that several lists have."""

from functools import lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from downloads.columns import Column, Kind
from programs.states import ModuleCode
from villages.models import Region

MODULES = dict(ModuleCode.choices)


@lru_cache(maxsize=20_000)
def _place(  # noqa: PLR0917  as the columns are read
    name: str, level: int, kind: str, above: str, above_kind: str, top: str, top_kind: str
) -> str:
    """Say a place as its row says it, from what was read."""
    parents = Region(name=above, kind=above_kind, parent=Region(name=top, kind=top_kind)) if top else None
    return Region(name=name, level=level, kind=kind, parent=parents).place if name else ""


def place_of(path: str, name: str = "place") -> Column:
    """Say where something lies, `Parengan, Kec. Maduran, Kab. Lamongan`."""
    start = f"{path}__" if path else ""
    own = (f"{start}name", f"{start}level", f"{start}kind")
    above = tuple(f"{start}parent__{each}" for each in ("name", "kind", "parent__name", "parent__kind"))
    return Column(name, _("Place"), Kind.TEXT, (*own, *above), compose=_place)


def module_of(path: str, heading: Any) -> Column:
    """Name the module of a row."""
    return Column("module", heading, Kind.CHOICE, (path,), MODULES)


def listed(rows: models.QuerySet[Any], value: str) -> ArraySubquery:
    """List one value of the rows below, in order."""
    return ArraySubquery(rows.order_by(value).values(value))


def tally(rows: models.QuerySet[Any], *, per: str) -> Coalesce:
    """Count the rows below, in one subquery, so that counts never multiply."""
    counted = rows.filter(**{per: OuterRef("pk")}).order_by().values(per).annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), 0)
