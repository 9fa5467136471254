"""Places, villages, their people and the numbers that reach them."""

from typing import Any

from django.db import models
from rest_framework import serializers

from api.base import ScopedViewSet
from villages.filters import RegionFilter
from villages.models import Region
from villages.rules import Can


class RegionOut(serializers.ModelSerializer[Region]):
    """A place by its Kemendagri code; `place` tells it apart from its namesakes."""

    class Meta:
        model = Region
        fields = ["code", "name", "level", "kind", "parent", "zone", "place", "gone"]


class RegionViewSet(ScopedViewSet[Region]):
    """Places of Indonesia."""

    model = Region
    serializer_class = RegionOut
    filterset_class = RegionFilter
    abilities = {"list": Can.READ_REGION, "retrieve": Can.READ_REGION}
    orderings = ("code", "name")
    lookup_field = "code"
    lookup_value_regex = "[0-9.]{2,13}"

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read the parents along, for the name of the place."""
        return rows.select_related("parent__parent")
