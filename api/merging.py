"""Records of one person: found, told apart, merged; and where an id from before a merge leads."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.timezone import now
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ScopedViewSet
from api.fields import Named, ScopedNamedField, visible
from villages.actions import merge_people, tell_apart
from villages.duplicates import alike_among
from villages.filters import DuplicateFilter
from villages.models import FormerId, Person
from villages.pairing import COLUMNS
from villages.rules import Can

MERGING = dict.fromkeys(("duplicates", "merge", "not_duplicate"), Can.MERGE_PERSON)
VILLAGE = OpenApiParameter("village", int, description="Look only there.")


class PairOut(serializers.Serializer[Any]):
    """Two records that look like one person, and why."""

    first = Named()
    second = Named()
    sure = serializers.ChoiceField(choices=["certain", "likely", "possible"])
    reasons = serializers.ListField(child=serializers.CharField())


class PairsOut(serializers.Serializer[Any]):
    """The surest pairs; there is no second page: merging some brings up the next."""

    next = serializers.CharField(allow_null=True, default=None)
    previous = serializers.CharField(allow_null=True, default=None)
    results = PairOut(many=True)


class OtherIn(serializers.Serializer[Any]):
    """The other record."""

    person = ScopedNamedField(Person)


class MergeIn(OtherIn):
    """The record that goes, and the columns whose values are right there."""

    columns = serializers.ListField(
        child=serializers.ChoiceField(choices=COLUMNS), required=False, max_length=len(COLUMNS)
    )


class Merging(ScopedViewSet[Person]):
    """What a person's address answers about other records of the same person."""

    @extend_schema(responses={200: None, 301: OpenApiResponse(description="Merged: the record that stayed.")})
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Show one; an id from before a merge leads to the record that stayed."""
        try:
            return super().retrieve(request, *args, **kwargs)
        except Http404:
            key = str(kwargs["pk"])
            former = visible(FormerId, self.user).filter(pk=key).first() if key.isdecimal() else None
            if former is None:
                raise
        headers = {"Location": reverse("api-person-detail", args=[former.person_id])}
        return Response(status=status.HTTP_301_MOVED_PERMANENTLY, headers=headers)

    @extend_schema(parameters=[VILLAGE], responses=PairsOut, filters=False)
    @action(detail=False, pagination_class=None)
    def duplicates(self, request: Request) -> Response:
        """Find records that are probably one person, the surest first."""
        people = visible(Person, self.user).filter(erased_at__isnull=True)
        chosen = DuplicateFilter(request.query_params, queryset=people, request=request)
        if not chosen.is_valid():
            raise ValidationError(chosen.errors)
        return Response(PairsOut({"results": alike_among(chosen.qs)}).data)

    @extend_schema(request=MergeIn)
    @action(detail=True, methods=["post"])
    def merge(self, _request: Request, pk: str) -> Response:  # noqa: ARG002  read from the address by get_object
        """Let this record take over everything of another one, which goes for good."""
        person, given = self.get_object(), self.heard(MergeIn)
        merge_people(person, gone=given["person"], take=given.get("columns", ()), by=self.user, at=now())
        return self.shown(person)

    @extend_schema(request=OtherIn)
    @action(detail=True, methods=["post"], url_path="not-duplicate")
    def not_duplicate(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Say that these are two people; they are not offered again."""
        person = self.get_object()
        tell_apart(person, second=self.heard(OtherIn)["person"], by=self.user, at=now())
        return self.shown(person)
