"""Versions of visits that wait for a person, and the decision."""

from typing import Any

from django.db import models
from django.utils.timezone import now
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ScopedViewSet
from api.fields import Named, Words
from api.shapes import Output
from mentoring.actions import dismiss_held, take_held
from mentoring.filters import HeldVersionFilter
from mentoring.models import HeldVersion
from mentoring.rules import Can


class HeldVersionOut(Output[HeldVersion]):
    """A version of a visit as it was sent, why it waits, and what became of it."""

    sent_by = Named()
    settled_by = Named()
    content = serializers.SerializerMethodField()

    class Meta:
        model = HeldVersion
        fields = [
            *("id", "key", "visit", "village", "program", "reason", "sent_by", "received_at", "skew", "content"),
            *("state", "comment", "became", "settled_at", "settled_by"),
        ]

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_content(self, held: HeldVersion) -> dict[str, Any]:
        """Show the facts as they are kept."""
        content: dict[str, Any] = held.content
        return content


class Dismissal(serializers.Serializer[Any]):
    """Why it is not taken; the mentor reads it."""

    comment = Words(max_length=600)


class HeldVersionViewSet(ScopedViewSet[HeldVersion]):
    """Versions of visits that wait for a person."""

    model = HeldVersion
    serializer_class = HeldVersionOut
    filterset_class = HeldVersionFilter
    abilities = dict.fromkeys(("list", "retrieve"), Can.READ_HELD) | dict.fromkeys(("take", "dismiss"), Can.SETTLE_HELD)
    orderings = ("-received_at",)

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read along who sent and who decided."""
        return rows.select_related("sent_by", "settled_by")

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def take(self, _request: Request, pk: str) -> Response:  # noqa: ARG002  read from the address by get_object
        """Take it into the record; `became` names the visit."""
        held = self.get_object()
        take_held(held, by=self.user, at=now())
        return self.shown(held)

    @extend_schema(request=Dismissal)
    @action(detail=True, methods=["post"])
    def dismiss(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Leave it out, and tell its mentor why."""
        held = self.get_object()
        dismiss_held(held, **self.heard(Dismissal), by=self.user, at=now())
        return self.shown(held)
