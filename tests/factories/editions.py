"""Editions of the list of places, and what they changed."""

from datetime import timedelta

from factory.declarations import SubFactory

from common.zones import Zone
from tests.factories.base import NOW, RowFactory, counted
from villages.models import RegionChange, RegionEdition
from villages.states import ChangeKind, RegionKind, RegionLevel


class RegionEditionFactory(RowFactory[RegionEdition]):
    """A list that was compared and not loaded yet."""

    class Meta:
        model = RegionEdition

    name = counted(lambda n: f"Edition {n}")
    file_name = "list.csv"
    sha256 = counted(lambda n: f"{n:064x}")
    places = 10
    unchanged = 10
    checked_at = counted(lambda n: NOW + timedelta(minutes=n))


class RegionChangeFactory(RowFactory[RegionChange]):
    """A desa that is gone, in a list of its own."""

    class Meta:
        model = RegionChange

    edition = SubFactory(RegionEditionFactory)  # type: ignore[no-untyped-call]
    kind = ChangeKind.GONE
    code = counted(lambda n: f"35.24.12.{2001 + n}")
    level = RegionLevel.VILLAGE
    place_kind = RegionKind.VILLAGE
    zone = Zone.WIB
    before = "Sumber"
    leaves = True
