"""Buyers, and what business units and they have come to."""

from typing import Any

from django.db import models
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ScopedViewSet
from api.fields import Named, ScopedRelatedField, Words
from api.shapes import Input, Output
from exports.actions import change_buyer, change_lead, move_lead, register_buyer, start_lead
from exports.filters.buyer import BuyerFilter, LeadFilter
from exports.models import Buyer, Lead
from exports.rules import Can
from exports.states import LeadState
from villages.models import BusinessUnit

COLUMNS = ["name", "kind", "country", "city", "website", "wants"]


class BuyerOut(Output[Buyer]):
    """A company that buys or might; `country` is ISO 3166."""

    registered_by = Named()

    class Meta:
        model = Buyer
        fields = ["id", *COLUMNS, "registered_at", "registered_by"]


class BuyerIn(Input[Buyer]):
    """What is known of a buyer."""

    class Meta:
        model = Buyer
        fields = COLUMNS


class NewBuyerIn(BuyerIn):
    """A buyer; with a unit that deals with them a lead begins, also where the buyer is known already."""

    business_unit = ScopedRelatedField(BusinessUnit, required=False, allow_null=True)

    class Meta(BuyerIn.Meta):
        fields = [*COLUMNS, "business_unit"]


class BuyerViewSet(ScopedViewSet[Buyer]):
    """Buyers: those that one wrote down, and those that visible units deal with."""

    model = Buyer
    serializer_class = BuyerOut
    filterset_class = BuyerFilter
    abilities = {
        **dict.fromkeys(("list", "retrieve"), Can.READ_BUYER),
        **dict.fromkeys(("create", "partial_update"), Can.CHANGE_BUYER),
    }
    orderings = ("name", "country")

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read along who wrote it."""
        return rows.select_related("registered_by")

    @extend_schema(request=NewBuyerIn, responses={201: BuyerOut})
    def create(self, _request: Request) -> Response:
        """Write a buyer down."""
        buyer = register_buyer(**self.heard(NewBuyerIn), by=self.user, at=now())
        return self.shown(buyer, status=status.HTTP_201_CREATED)

    @extend_schema(request=BuyerIn)
    def partial_update(self, _request: Request, pk: str) -> Response:  # noqa: ARG002  read from the address by get_object
        """Correct what is known; what is not named stays."""
        buyer = self.get_object()
        change_buyer(buyer, **self.heard(BuyerIn), by=self.user, at=now())
        return self.shown(buyer)


class LeadOut(Output[Lead]):
    """One unit and one buyer: how far they have come, and what comes next."""

    business_unit = Named()
    buyer = Named()
    started_by = Named()

    class Meta:
        model = Lead
        fields = [
            *("id", "business_unit", "buyer", "state", "source", "next_step", "next_on", "reason"),
            *("started_at", "started_by"),
        ]


class LeadChangeIn(Input[Lead]):
    """Where the contact came from, and what comes next."""

    class Meta:
        model = Lead
        fields = ["source", "next_step", "next_on"]


class LeadIn(LeadChangeIn):
    """Who deals with whom."""

    business_unit = ScopedRelatedField(BusinessUnit)
    buyer = ScopedRelatedField(Buyer)

    class Meta(LeadChangeIn.Meta):
        fields = ["business_unit", "buyer", *LeadChangeIn.Meta.fields]


class LeadMoveIn(serializers.Serializer[Any]):
    """Where it goes; why, when nothing came of it."""

    to = serializers.ChoiceField(choices=LeadState.choices)
    reason = Words(max_length=300, required=False, allow_blank=True)


class LeadViewSet(ScopedViewSet[Lead]):
    """Leads, the nearest next step first; what has no day comes last."""

    model = Lead
    serializer_class = LeadOut
    filterset_class = LeadFilter
    abilities = {
        **dict.fromkeys(("list", "retrieve"), Can.READ_BUYER),
        **dict.fromkeys(("create", "partial_update", "move"), Can.CHANGE_BUYER),
    }
    orderings = ("due", "-pk")

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read along who deals with whom."""
        dated: models.QuerySet[Any] = rows.with_due()  # type: ignore[attr-defined]
        return dated.select_related("business_unit", "buyer", "started_by")

    @extend_schema(request=LeadIn, responses={201: LeadOut})
    def create(self, _request: Request) -> Response:
        """Bring a unit and a buyer together."""
        lead = start_lead(**self.heard(LeadIn), by=self.user, at=now())
        return self.shown(lead, status=status.HTTP_201_CREATED)

    @extend_schema(request=LeadChangeIn)
    def partial_update(self, _request: Request, pk: str) -> Response:  # noqa: ARG002  read from the address by get_object
        """Write what comes next; what is not named stays."""
        lead = self.get_object()
        change_lead(lead, **self.heard(LeadChangeIn), by=self.user, at=now())
        return self.shown(lead)

    @extend_schema(request=LeadMoveIn)
    @action(detail=True, methods=["post"])
    def move(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Move it onward, or give it up with a reason."""
        lead = self.get_object()
        move_lead(lead, **self.heard(LeadMoveIn), by=self.user, at=now())
        return self.shown(lead)
