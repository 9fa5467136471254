"""Keyset pages: the same cost for the first page and the thousandth, over any unique order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

Row = TypeVar("Row", bound=models.Model)
SIZE = 25
LARGEST = 200


@dataclass(frozen=True)
class Keyset(Generic[Row]):
    """One page of rows, with the cursors of its neighbours (None where there is none)."""

    rows: list[Row]
    next: str | None
    previous: str | None


def page(
    rows: models.QuerySet[Row], *, order: Sequence[str], cursor: str | None = None, size: int = SIZE
) -> Keyset[Row]:
    """Read one page of `rows` in `order` (its last name unique, none nullable); a broken cursor is refused."""
    back, edge = _read(cursor, order) if cursor else (False, None)
    walked = [_turn(name) for name in order] if back else list(order)
    if edge is not None:
        rows = rows.filter(_beyond(walked, edge))
    found = list(rows.order_by(*walked)[: size + 1])
    more, shown = len(found) > size, found[:size]
    if back:
        shown.reverse()
    earlier, later = (more, True) if back else (edge is not None, more)
    return Keyset(
        rows=shown,
        next=_write(shown[-1], order, back=False) if shown and later else None,
        previous=_write(shown[0], order, back=True) if shown and earlier else None,
    )


def _turn(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(order: Sequence[str], edge: list[Any]) -> Q:
    """Match what comes after `edge`: later in the first column, or equal there and later in the second, and so on."""
    names = [name.lstrip("-") for name in order]
    sides = ["lt" if name.startswith("-") else "gt" for name in order]
    terms = (
        Q(**dict(zip(names[:index], edge, strict=False)), **{f"{name}__{sides[index]}": edge[index]})
        for index, name in enumerate(names)
    )
    return Q(**{f"{names[0]}__{sides[0]}e": edge[0]}) & reduce(or_, terms)


def _write(row: models.Model, order: Sequence[str], *, back: bool) -> str:
    edge = [_plain(_value(row, name.lstrip("-"))) for name in order]
    return signing.dumps([back, *edge], salt=_salt(order), compress=True)


def _value(row: models.Model, path: str) -> Any:
    value: Any = row
    for name in path.split("__"):
        value = getattr(value, name)
    return value.pk if isinstance(value, models.Model) else value


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID | Decimal) else value


def _read(cursor: str, order: Sequence[str]) -> tuple[bool, list[Any]]:
    """Trust only cursors that this house wrote for this order."""
    try:
        back, *edge = signing.loads(cursor, salt=_salt(order))
    except signing.BadSignature:
        raise ValidationError(_("This page address is broken. Start from the first page."), code="cursor") from None
    return bool(back), edge


def _salt(order: Sequence[str]) -> str:
    return f"page:{','.join(order)}"
