"""A village passes from one mentor to the next: prepared, written, signed by both."""

from typing import Any

from django.db import models
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from api.base import ScopedViewSet
from api.fields import Day, Named, ScopedNamedField, ScopedRelatedField, Words
from api.shapes import Output, Reason
from api.visits import IF_MATCH, version_of
from mentoring.actions import cancel_handover, prepare_handover, sign_handover, write_works
from mentoring.filters import HandoverFilter
from mentoring.models import Assignment, Handover, Signature
from mentoring.models.handover import LONGEST_WORKS
from mentoring.rules import Can
from mentoring.states import Side


class SignatureOut(Output[Signature]):
    """One hand under one version of the text."""

    signed_by = Named()

    class Meta:
        model = Signature
        fields = ["side", "version", "signed_by", "signed_at", "reason"]


class HandoverOut(Output[Handover]):
    """A handover; `version` is the text's, and a signature holds for the version it was set under."""

    giver = Named()
    taker = Named()
    prepared_by = Named()
    signatures = SignatureOut(many=True, read_only=True)
    missing = serializers.SerializerMethodField()

    class Meta:
        model = Handover
        fields = [
            *("id", "village", "giver", "taker", "last_on", "first_on", "works", "version", "state", "reason"),
            *("signatures", "missing", "prepared_at", "prepared_by", "written_at", "signed_at"),
        ]

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=Side.choices)))
    def get_missing(self, handover: Handover) -> list[str]:
        """Name the sides that have not signed the text as it stands."""
        signed = {row.side for row in handover.signatures.all() if row.version == handover.version}
        return [side for side in Side.values if side not in signed]


class HandoverIn(serializers.Serializer[Any]):
    """Whose open assignment ends with which day, and who takes the village from when."""

    assignment = ScopedRelatedField(Assignment, source="letter")
    last_on = Day()
    taker = ScopedNamedField(User)
    first_on = Day()


class WorksIn(serializers.Serializer[Any]):
    """What works in this village."""

    works = Words(max_length=LONGEST_WORKS, allow_blank=True)


class SignIn(serializers.Serializer[Any]):
    """The version that was read; a reason where the desk signs in a giver's place."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    reason = Words(max_length=300, required=False, allow_blank=True)


class HandoverViewSet(ScopedViewSet[Handover]):
    """Handovers of villages between mentors."""

    model = Handover
    serializer_class = HandoverOut
    filterset_class = HandoverFilter
    abilities = {
        **dict.fromkeys(("list", "retrieve"), Can.READ_HANDOVER),
        **dict.fromkeys(("create", "cancel"), Can.PREPARE_HANDOVER),
        "partial_update": Can.WRITE_HANDOVER,
        "sign": Can.SIGN_HANDOVER,
    }
    orderings = ("-prepared_at", "pk")

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read the people and the signatures along."""
        signed = models.Prefetch("signatures", Signature._default_manager.select_related("signed_by").order_by("pk"))
        return rows.select_related("giver", "taker", "prepared_by", "letter", "new_letter").prefetch_related(signed)

    @extend_schema(request=HandoverIn, responses={201: HandoverOut})
    def create(self, _request: Request) -> Response:
        """Prepare a handover; it ends one assignment and begins another."""
        handover = prepare_handover(**self.heard(HandoverIn), by=self.user, at=now())
        return self.shown(handover, status=status.HTTP_201_CREATED)

    @extend_schema(request=WorksIn, parameters=[IF_MATCH])
    def partial_update(self, request: Request, pk: str) -> Response:  # noqa: ARG002  read from the address by get_object
        """Write what works in the village; another text is signed anew."""
        handover = self.get_object()
        given = self.heard(WorksIn, whole=True)
        write_works(handover, works=given["works"], by=self.user, at=now(), version=version_of(request))
        return self.shown(handover)

    @extend_schema(request=SignIn)
    @action(detail=True, methods=["post"])
    def sign(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Sign the version that was read, once."""
        handover = self.get_object()
        sign_handover(handover, **self.heard(SignIn), by=self.user, at=now())
        return self.shown(handover)

    @extend_schema(request=Reason)
    @action(detail=True, methods=["post"])
    def cancel(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Call it off, and say why."""
        handover = self.get_object()
        cancel_handover(handover, **self.heard(Reason), by=self.user, at=now())
        return self.shown(handover)
