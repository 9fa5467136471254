"""Trainers and venues: shared by all programs."""

from typing import Any

from django.db import models
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.links import subscription
from api.accounts import CalendarOut
from api.base import ScopedViewSet
from api.fields import ScopedRelatedField, Words
from api.shapes import Input, Output
from programs.actions import change_trainer, change_venue, create_trainer, create_venue, renew_trainer_calendar
from programs.filters import TrainerFilter, VenueFilter
from programs.links import calendar_token
from programs.models import Trainer, Venue
from programs.rules import Can
from villages.models import Region


class TrainerOut(Output[Trainer]):
    """Someone who teaches."""

    class Meta:
        model = Trainer
        fields = ["id", "name", "organisation"]


class VenueOut(Output[Venue]):
    """A place where people meet."""

    zone = serializers.CharField(read_only=True)

    class Meta:
        model = Venue
        fields = ["id", "name", "region", "landmark", "capacity", "zone"]


class TrainerIn(Input[Trainer]):
    """Someone new who teaches; the number is kept and not given out here."""

    phone = Words(max_length=30, required=False, allow_blank=True)

    class Meta:
        model = Trainer
        fields = ["name", "organisation", "phone"]


class TrainerViewSet(ScopedViewSet[Trainer]):
    """Trainers, shared by all programs so that nobody is booked twice."""

    model = Trainer
    serializer_class = TrainerOut
    filterset_class = TrainerFilter
    abilities = dict.fromkeys(("list", "retrieve"), Can.READ_RESOURCE) | dict.fromkeys(
        ("create", "partial_update", "calendar", "renew_calendar"), Can.CHANGE_RESOURCE
    )
    orderings = ("name",)

    @extend_schema(request=TrainerIn, responses={201: TrainerOut})
    def create(self, _request: Request) -> Response:
        """Add a trainer."""
        trainer = create_trainer(**self.heard(TrainerIn), by=self.user, at=now())
        return self.shown(trainer, status=status.HTTP_201_CREATED)

    @extend_schema(request=TrainerIn)
    def partial_update(self, _request: Request, pk: str) -> Response:  # noqa: ARG002  read from the address by get_object
        """Correct what is known."""
        trainer = self.get_object()
        change_trainer(trainer, **self.heard(TrainerIn), by=self.user, at=now())
        return self.shown(trainer)

    @extend_schema(responses=CalendarOut)
    @action(detail=True)
    def calendar(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Give the address of the trainer's calendar, to pass on."""
        return Response({"address": subscription(calendar_token(self.get_object())).address})

    @extend_schema(request=None, responses=CalendarOut)
    @action(detail=True, methods=["post"], url_path="renew-calendar")
    def renew_calendar(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """End the old address and open a new one."""
        trainer = self.get_object()
        renew_trainer_calendar(trainer, by=self.user, at=now())
        return Response({"address": subscription(calendar_token(trainer)).address})


class VenueIn(Input[Venue]):
    """A new place; its region tells its time zone."""

    region = ScopedRelatedField(Region)

    class Meta:
        model = Venue
        fields = ["name", "region", "landmark", "capacity"]


class VenueViewSet(ScopedViewSet[Venue]):
    """Venues, shared by all programs so that none is booked twice."""

    model = Venue
    serializer_class = VenueOut
    filterset_class = VenueFilter
    abilities = dict.fromkeys(("list", "retrieve"), Can.READ_RESOURCE) | dict.fromkeys(
        ("create", "partial_update"), Can.CHANGE_RESOURCE
    )
    orderings = ("name",)

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read the place along, for the zone."""
        return rows.select_related("region")

    @extend_schema(request=VenueIn, responses={201: VenueOut})
    def create(self, _request: Request) -> Response:
        """Add a venue."""
        venue = create_venue(**self.heard(VenueIn), by=self.user, at=now())
        return self.shown(venue, status=status.HTTP_201_CREATED)

    @extend_schema(request=VenueIn)
    def partial_update(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Correct what is known; with sessions ahead it stays in its time zone."""
        venue = self.get_object()
        change_venue(venue, **self.heard(VenueIn), by=self.user, at=now())
        return self.shown(venue)
