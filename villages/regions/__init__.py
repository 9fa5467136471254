"""The Kemendagri list of places: read, judge and compare it, load it in one step; which edition is in force."""

from datetime import datetime

from villages.models import RegionEdition


def edition_in_force(at: datetime) -> str:
    """Name the edition of the list that was in force then; empty when none was recorded. 1 query.

    A part of the list does not take the name of the whole one.
    """
    loaded = RegionEdition.objects.loaded().filter(settled_at__lte=at)
    names = loaded.order_by("part", "-settled_at", "-pk").values_list("name", flat=True)
    return names.first() or ""
