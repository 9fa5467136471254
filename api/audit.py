"""Who read or took out personal data."""

from typing import Any

from django.db import models
from django.utils.timezone import now
from rest_framework import serializers

from api.base import ScopedViewSet
from api.fields import Named
from api.shapes import Output
from audit.filters import AccessFilter
from audit.models import Access
from audit.rules import Can


class AccessOut(Output[Access]):
    """One reading; `facts` holds keys and counts, never a number or a name."""

    by = Named(allow_null=True)
    facts = serializers.JSONField(read_only=True)

    class Meta:
        model = Access
        fields = ["id", "at", "by", "verb", "subject_type", "subject_id", "facts"]


class AccessViewSet(ScopedViewSet[Access]):
    """Readings of personal data: all for administrators, those of their own people for coordinators."""

    model = Access
    serializer_class = AccessOut
    filterset_class = AccessFilter
    abilities = {"list": Can.READ_AUDIT, "retrieve": Can.READ_AUDIT}
    orderings = ("-pk",)

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read along who it was; that this list itself is taken out stands in the next one."""
        return rows.select_related("by").filter(at__lte=now())
