"""Keyset pages: the same cost for the first page and the thousandth, over any unique order.

A cursor names the row at the edge of a page by its key alone, so that nobody's name ever stands in an address.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Generic, TypeVar

from django.core import signing
from django.core.exceptions import ObjectDoesNotExist, ValidationError
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
    back, edge = _read(rows, cursor, order) if cursor else (False, None)
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


def _beyond(order: Sequence[str], edge: tuple[Any, ...]) -> Q:
    """Match what comes after `edge`: later in the first column, or equal there and later in the second, and so on."""
    names = [name.lstrip("-") for name in order]
    sides = ["lt" if name.startswith("-") else "gt" for name in order]
    terms = (
        Q(**dict(zip(names[:index], edge, strict=False)), **{f"{name}__{sides[index]}": edge[index]})
        for index, name in enumerate(names)
    )
    return Q(**{f"{names[0]}__{sides[0]}e": edge[0]}) & reduce(or_, terms)


def _write(row: models.Model, order: Sequence[str], *, back: bool) -> str:
    return signing.dumps([back, str(row.pk)], salt=_salt(type(row), order))


def _read(rows: models.QuerySet[Any], cursor: str, order: Sequence[str]) -> tuple[bool, tuple[Any, ...]]:
    """Find the edge again, wherever it stands by now; trust only cursors that this house wrote for this order."""
    names = [name.lstrip("-") for name in order]
    whole = rows if set(names) & set(rows.query.annotations) else rows.model._default_manager.all()
    try:
        back, key = signing.loads(cursor, salt=_salt(rows.model, order))
        return bool(back), whole.order_by().values_list(*names).get(pk=key)
    except (signing.BadSignature, ObjectDoesNotExist):
        raise ValidationError(_("This page address is broken. Start from the first page."), code="cursor") from None


def _salt(model: type[models.Model], order: Sequence[str]) -> str:
    return f"page:{model._meta.label_lower}:{','.join(order)}"
