"""Samples, and the parcels in which they travel to a buyer."""

from typing import Any

from django.db import models
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ScopedViewSet
from api.fields import Day, Named, ScopedRelatedField, ScopedRows, Words
from api.shapes import Input, Output
from exports.actions import change_sample, change_shipment, note_answer, note_delivery, register_sample, ship_samples
from exports.filters import SampleFilter, ShipmentFilter
from exports.models import Buyer, Sample, Shipment
from exports.rules import Can
from exports.states import Answer
from villages.models import BusinessUnit


class SampleOut(Output[Sample]):
    """One product as it was made to be shown; `shipment` is null while it waits to be sent."""

    business_unit = Named()
    started_by = Named()

    class Meta:
        model = Sample
        fields = [
            *("id", "business_unit", "shipment", "product", "quantity", "unit", "remark"),
            *("started_at", "started_by"),
        ]


class SampleChange(Input[Sample]):
    """What may be corrected while it waits."""

    class Meta:
        model = Sample
        fields = ["product", "quantity", "unit", "remark"]


class SampleIn(SampleChange):
    """The same, and whose it is."""

    business_unit = ScopedRelatedField(BusinessUnit)

    class Meta(SampleChange.Meta):
        fields = ["business_unit", *SampleChange.Meta.fields]


class SampleViewSet(ScopedViewSet[Sample]):
    """Samples."""

    model = Sample
    serializer_class = SampleOut
    filterset_class = SampleFilter
    abilities = dict.fromkeys(("list", "retrieve"), Can.READ_SAMPLE) | dict.fromkeys(
        ("create", "partial_update"), Can.SEND_SAMPLE
    )
    orderings = ("-started_at",)

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read along whose it is and who wrote it."""
        return rows.select_related("business_unit", "started_by")

    @extend_schema(request=SampleIn, responses={201: SampleOut})
    def create(self, _request: Request) -> Response:
        """Write a sample down; it waits to be sent."""
        sample = register_sample(**self.heard(SampleIn), by=self.user, at=now())
        return self.shown(sample, status=status.HTTP_201_CREATED)

    @extend_schema(request=SampleChange)
    def partial_update(self, _request: Request, pk: str) -> Response:  # noqa: ARG002  read from the address by get_object
        """Correct it while it waits."""
        sample = self.get_object()
        change_sample(sample, **self.heard(SampleChange), by=self.user, at=now())
        return self.shown(sample)


class ShipmentOut(Output[Shipment]):
    """One parcel; `cost` is in rupiah."""

    business_unit = Named()
    buyer = serializers.SerializerMethodField()
    samples = ScopedRows(Sample, read_only=True)
    currency = serializers.SerializerMethodField()
    started_by = Named()

    class Meta:
        model = Shipment
        fields = [
            *("id", "business_unit", "buyer", "country", "courier", "waybill", "shipped_on", "cost", "currency"),
            *("samples", "delivered_on", "answer", "answer_words", "answered_on", "started_at", "started_by"),
        ]

    def get_buyer(self, shipment: Shipment) -> int | None:
        """Give the buyer's key to who works with buyers; who pays needs none."""
        return shipment.buyer_id if self.context["request"].user.has_perm(Can.READ_BUYER) else None

    def get_currency(self, _shipment: Shipment) -> str:
        """Costs are in rupiah."""
        return "IDR"


class ShipmentChange(Input[Shipment]):
    """What may be corrected; waybill, day and cost only while no claim that was handed in speaks of them."""

    buyer = ScopedRelatedField(Buyer, required=False, allow_null=True)

    class Meta:
        model = Shipment
        fields = ["buyer", "country", "courier", "waybill", "shipped_on", "cost"]


class ShipmentIn(ShipmentChange):
    """Samples of one business unit that travel together."""

    business_unit = ScopedRelatedField(BusinessUnit)
    samples = ScopedRows(Sample)

    class Meta(ShipmentChange.Meta):
        fields = ["business_unit", "samples", *ShipmentChange.Meta.fields]


class DeliveryIn(serializers.Serializer[Any]):
    """On which day the parcel arrived."""

    delivered_on = Day()


class BuyersAnswerIn(serializers.Serializer[Any]):
    """What the buyer said, and on which day; `awaited` takes an answer back."""

    answer = serializers.ChoiceField(choices=Answer.choices)
    words = Words(max_length=600, required=False, allow_blank=True)
    answered_on = Day(required=False, allow_null=True)


class ShipmentViewSet(ScopedViewSet[Shipment]):
    """Parcels of samples."""

    model = Shipment
    serializer_class = ShipmentOut
    filterset_class = ShipmentFilter
    abilities = dict.fromkeys(("list", "retrieve"), Can.READ_SAMPLE) | dict.fromkeys(
        ("create", "partial_update", "delivery", "answer"), Can.SEND_SAMPLE
    )
    orderings = ("-shipped_on",)

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read along whose it is, where, and what travels."""
        inside = models.Prefetch("samples", Sample._default_manager.order_by("pk"))
        return rows.select_related("business_unit__region", "started_by").prefetch_related(inside)

    @extend_schema(request=ShipmentIn, responses={201: ShipmentOut})
    def create(self, _request: Request) -> Response:
        """Send samples that wait, as one parcel."""
        given = {"buyer": None, **self.heard(ShipmentIn)}
        shipment = ship_samples(**given, by=self.user, at=now())
        return self.shown(shipment, status=status.HTTP_201_CREATED)

    @extend_schema(request=ShipmentChange)
    def partial_update(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Correct what is written on it."""
        shipment = self.get_object()
        change_shipment(shipment, **self.heard(ShipmentChange), by=self.user, at=now())
        return self.shown(shipment)

    @extend_schema(request=DeliveryIn)
    @action(detail=True, methods=["post"])
    def delivery(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Write down when it arrived."""
        shipment = self.get_object()
        note_delivery(shipment, **self.heard(DeliveryIn), by=self.user, at=now())
        return self.shown(shipment)

    @extend_schema(request=BuyersAnswerIn)
    @action(detail=True, methods=["post"])
    def answer(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Write down what the buyer said."""
        shipment = self.get_object()
        note_answer(shipment, **self.heard(BuyersAnswerIn), by=self.user, at=now())
        return self.shown(shipment)
