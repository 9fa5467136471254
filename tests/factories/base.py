"""What every factory stands on: the moment, the regions, the modules."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db import models
from factory.declarations import LazyAttribute, LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory

from common.zones import zone_of
from programs.models import (
    Module,
)
from programs.states import MODE_OF, ModuleCode
from villages.models import (
    Region,
)
from villages.states import RegionKind

NOW = datetime(2026, 10, 1, 3, 0, tzinfo=UTC)  # Thursday, 1 October 2026, 10.00 WIB
PASSWORD = "empat kata yang kuingat"

Row = TypeVar("Row", bound=models.Model)

PARENGAN = (
    ("35", "Jawa Timur", RegionKind.PROVINCE),
    ("35.24", "Lamongan", RegionKind.REGENCY),
    ("35.24.10", "Maduran", RegionKind.DISTRICT),
    ("35.24.10.2009", "Parengan", RegionKind.VILLAGE),
)


def lay_modules() -> None:
    """Lay the eleven modules again where a test emptied the tables."""
    if not Module.objects.exists():
        Module.objects.bulk_create(
            Module(code=code, mode=MODE_OF[code], position=position) for position, code in enumerate(ModuleCode, 1)
        )


def module(code: str) -> Module:
    """Read one of the eleven."""
    lay_modules()
    return Module.objects.get(code=code)


def lay_region(code: str = "35.24.10.2009", names: Mapping[str, str] | None = None) -> Region:
    """Lay a place and everything it is part of."""
    known = {known: (name, kind) for known, name, kind in PARENGAN}
    kinds = (RegionKind.PROVINCE, RegionKind.REGENCY, RegionKind.DISTRICT, RegionKind.VILLAGE)
    parts, parent = code.split("."), None
    for level in range(1, len(parts) + 1):
        here = ".".join(parts[:level])
        name, kind = known.get(here, ((names or {}).get(here, f"Place {here}"), kinds[level - 1]))
        columns = {"name": name, "kind": kind, "level": level, "parent": parent, "zone": zone_of(here)}
        parent, _new = Region.objects.get_or_create(code=here, defaults=columns)
    assert parent is not None
    return parent


class RowFactory(DjangoModelFactory[Row]):
    """Writes rows of one model; typed, so that tests read as they are checked."""

    class Meta:
        abstract = True

    @classmethod
    def create(cls, **columns: Any) -> Row:
        row: Row = super().create(**columns)
        return row

    @classmethod
    def create_batch(cls, size: int, **columns: Any) -> list[Row]:
        return [cls.create(**columns) for _ in range(size)]


def lazily(make: Any) -> Any:
    """Make a column's value when a row is made."""
    return LazyFunction(make)  # type: ignore[no-untyped-call]


def counted(write: Any) -> Any:
    """Make a column's value from the number of the row."""
    return Sequence(write)  # type: ignore[no-untyped-call]


def from_row(read: Any) -> Any:
    """Make a column's value from the others."""
    return LazyAttribute(read)  # type: ignore[no-untyped-call]


def one(make: type[RowFactory[Any]], **columns: Any) -> Any:
    """Make the row that a column points to."""
    return SubFactory(make, **columns)  # type: ignore[no-untyped-call]


# -- accounts ---------------------------------------------------------------------------------------------------------
