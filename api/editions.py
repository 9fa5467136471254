"""Editions of the list of places: compared, loaded, and decided on change by change."""

from typing import Any

from django.db import models
from django.db.models import Count, Q
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ScopedViewSet
from api.fields import Day, Key, Named, ScopedRelatedField, Words
from api.parsers import GuardedJSONParser, GuardedMultiPartParser
from api.shapes import Output
from villages.filters import RegionChangeFilter, RegionEditionFilter
from villages.models import Region, RegionChange, RegionEdition
from villages.regions.deciding import decide_all, decide_change
from villages.regions.files import LONGEST_NAME
from villages.regions.forms import ZONES
from villages.regions.loading import dismiss_edition, load_edition
from villages.regions.upload import compare_file
from villages.rules import Can
from villages.states import ChangeState


class EditionOut(Output[RegionEdition]):
    """One list: where it came from, what it changed by code and by place, and what waits."""

    checked_by = Named(allow_null=True)
    settled_by = Named(allow_null=True)
    waiting = serializers.IntegerField(read_only=True)

    class Meta:
        model = RegionEdition
        fields = [
            *("id", "name", "as_of", "file_name", "sha256", "part", "state", "follows", "places"),
            *("added", "renamed", "gone", "back", "unchanged", "recoded", "split", "merged", "waiting"),
            *("checked_at", "checked_by", "settled_at", "settled_by"),
        ]


class EditionIn(serializers.Serializer[Any]):
    """A file to compare; nothing changes before it is loaded."""

    file = serializers.FileField()
    name = Words(max_length=LONGEST_NAME, required=False, allow_blank=True)
    as_of = Day(required=False, allow_null=True)
    part = serializers.BooleanField(required=False, default=False)
    accept_gone = serializers.BooleanField(required=False, default=False)
    zone = serializers.ChoiceField(ZONES, required=False, help_text="Of a new province, where the file does not tell.")


class TouchedOut(serializers.Serializer[Any]):
    """A record that a change touches, by its kind and key."""

    id = serializers.IntegerField(source="pk", read_only=True)
    kind = serializers.CharField(source="label", read_only=True)
    row = serializers.IntegerField(read_only=True)
    settled_at = serializers.DateTimeField(read_only=True, allow_null=True)
    moved_to = serializers.CharField(source="moved_to_id", read_only=True, allow_null=True)


class ChangeOut(Output[RegionChange]):
    """What an edition does to one place; `counterparts` are where it went, or came from."""

    decided_by = Named(allow_null=True)
    records = TouchedOut(many=True, read_only=True)

    class Meta:
        model = RegionChange
        fields = [
            *("id", "edition", "kind", "code", "level", "place_kind", "before", "after", "counterparts", "leaves"),
            *("state", "decided_at", "decided_by", "records"),
        ]


class DecisionIn(serializers.Serializer[Any]):
    """Where the records go, or null to leave them; without `records` all that are open are meant."""

    to = ScopedRelatedField(Region, allow_null=True)
    records = serializers.ListField(child=Key(), required=False, max_length=1000)


class EditionViewSet(ScopedViewSet[RegionEdition]):
    """Editions of the list of places; for administrators."""

    model = RegionEdition
    serializer_class = EditionOut
    filterset_class = RegionEditionFilter
    parser_classes = (GuardedJSONParser, GuardedMultiPartParser)
    abilities = dict.fromkeys(("list", "retrieve"), Can.READ_EDITION) | dict.fromkeys(
        ("create", "load", "dismiss", "follow"), Can.CHANGE_EDITION
    )
    orderings = ("-checked_at", "pk")

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Count along what waits."""
        waiting = Count("changes", filter=Q(changes__state=ChangeState.WAITING))
        shaped: models.QuerySet[Any] = rows.select_related("checked_by", "settled_by").annotate(waiting=waiting)
        return shaped

    @extend_schema(request={"multipart/form-data": EditionIn}, responses={201: EditionOut})
    def create(self, _request: Request) -> Response:
        """Compare a file with the list in force; a broken one is refused by line."""
        given = self.heard(EditionIn)
        file = given.pop("file")
        edition = compare_file(content=file.read(), file_name=file.name, **given, by=self.user, at=now())
        return self.shown(edition, status=status.HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def load(self, _request: Request, pk: str) -> Response:  # noqa: ARG002  read from the address by get_object
        """Put it in force."""
        edition = self.get_object()
        load_edition(edition, by=self.user, at=now())
        return self.shown(edition)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def dismiss(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Put it aside; nothing changes."""
        edition = self.get_object()
        dismiss_edition(edition, by=self.user, at=now())
        return self.shown(edition)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def follow(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Take along every record that has one place to go to."""
        edition = self.get_object()
        decide_all(edition, by=self.user, at=now())
        return self.shown(edition)


class RegionChangeViewSet(ScopedViewSet[RegionChange]):
    """What editions changed, place by place, and the records that this touches."""

    model = RegionChange
    serializer_class = ChangeOut
    abilities = {"list": Can.READ_EDITION, "retrieve": Can.READ_EDITION, "decide": Can.CHANGE_EDITION}
    orderings = ("code", "pk")
    filterset_class = RegionChangeFilter

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read the records along."""
        return rows.select_related("decided_by").prefetch_related("records")

    @extend_schema(request=DecisionIn)
    @action(detail=True, methods=["post"])
    def decide(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Move records to the place that took over, or leave them."""
        change, given = self.get_object(), self.heard(DecisionIn)
        decide_change(change, **given, by=self.user, at=now())
        return self.shown(change)
