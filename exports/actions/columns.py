"""Writing columns of a row that somebody may be changing at the same moment."""

from collections.abc import Collection
from typing import Any

from django.db import models

from common.errors import RowMoved


def known(columns: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    """Pass columns that may be written, texts without spaces around them; any other is our own mistake."""
    if unknown := columns.keys() - set(names):
        raise TypeError(sorted(unknown))
    return {name: value.strip() if isinstance(value, str) else value for name, value in columns.items()}


def correct(row: models.Model, columns: dict[str, Any]) -> list[str]:
    """Write what differs and name it; when another hand wrote the same columns in between, nothing is written."""
    seen = {name: getattr(row, name) for name, value in columns.items() if getattr(row, name) != value}
    if not seen:
        return []
    for name in seen:
        setattr(row, name, columns[name])
    row.full_clean()
    same = type(row)._default_manager.filter(pk=row.pk, **seen)
    if not same.update(**{name: getattr(row, name) for name in seen}):
        raise RowMoved(row)
    return sorted(seen)
