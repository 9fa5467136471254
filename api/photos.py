"""Photos of visits: whole or in parts, each once whatever the retries, and given only to who may see the visit."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.db import models
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.utils.timezone import now
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import Scoped
from api.fields import Moment, visible
from api.parsers import ImageParser, PartParser, bytes_of, told_as_http
from api.problems import Problem, problem_json
from api.shapes import Output
from api.visits import key_of
from mentoring.actions import (
    Address,
    PartsMissing,
    Whole,
    complete_photo,
    keep_part,
    keep_photo,
    knows_key,
    leave_photo_out,
    parts_of,
)
from mentoring.models import Photo, Visit
from mentoring.models.photo import MOST_PARTS
from mentoring.rules import Can

PHOTO = OpenApiParameter("photo", OpenApiTypes.UUID, OpenApiParameter.PATH)
NUMBER = OpenApiParameter("number", OpenApiTypes.INT, OpenApiParameter.PATH, description="From 0.")
SMALL = OpenApiParameter("small", bool, description="400 pixels instead of 1600.")
TAKEN_AT = OpenApiParameter("Taken-At", OpenApiTypes.DATETIME, OpenApiParameter.HEADER)
X_SHA256 = OpenApiParameter("X-Sha256", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True)
ONE = r"photos/(?P<photo>[0-9a-fA-F-]{1,40})"
PART = r"(?P<number>[0-9]{1,4})"
PICTURES = {f"image/{kind}": OpenApiTypes.BINARY for kind in ("jpeg", "png", "webp")}


class VisitPhotoOut(Output[Photo]):
    """One photo of a visit; its picture is at `file/` once it has arrived."""

    visit = serializers.UUIDField(source="visit_key", read_only=True)
    arrived = serializers.BooleanField(read_only=True)

    class Meta:
        model = Photo
        fields = [
            *("id", "visit", "state", "arrived", "named", "position"),
            *("sha256", "size", "taken_at", "arrived_at", "lapsed_at"),
        ]


class PartsOut(serializers.Serializer[Any]):
    """Whether the photo is here, and else which of its parts are."""

    done = serializers.BooleanField()
    parts = serializers.ListField(child=serializers.IntegerField())


class PartOut(serializers.Serializer[Any]):
    """Which part is here now: said in our own words, since a phone trusts no bare 200 of whoever stands in between."""

    part = serializers.IntegerField()


class WholeIn(serializers.Serializer[Any]):
    """What the parts make together."""

    sha256 = serializers.RegexField(r"\A[0-9a-f]{64}\Z")
    size = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    parts = serializers.IntegerField(min_value=1, max_value=MOST_PARTS)
    taken_at = Moment(required=False, allow_null=True)


class VisitPhotoViewSet(Scoped[Photo]):
    """Photos of one visit, under keys that phones choose."""

    model = Photo
    serializer_class = VisitPhotoOut
    abilities = {
        **dict.fromkeys(("photo", "file"), Can.READ_VISIT),
        **dict.fromkeys(("put_photo", "leave_out", "parts", "put_part", "complete"), Can.LOG_VISIT),
    }

    @extend_schema(operation_id="v1_visits_photo_read", parameters=[PHOTO], responses=VisitPhotoOut)
    @action(detail=True, methods=["get"], url_path=ONE, parser_classes=[ImageParser])
    def photo(self, _request: Request, pk: str, photo: str) -> Response:
        """Tell what is known of a photo."""
        return Response(self.get_serializer(self._seen(pk, photo)).data)

    @extend_schema(
        operation_id="v1_visits_photo_update",
        parameters=[PHOTO, TAKEN_AT],
        request=PICTURES,
        responses={200: VisitPhotoOut, 201: VisitPhotoOut},
    )
    @photo.mapping.put
    def put_photo(self, request: Request, pk: str, photo: str) -> Response:
        """Keep a photo: 201 new, 200 had it, 409 other bytes or not named by an approved visit."""
        to = self._address(pk, photo)
        with told_as_http(), unknown_as_http():
            new = keep_photo(to, sent=bytes_of(request), at=now(), taken_at=_taken_at(request))
        return self._kept(to, new=new)

    @extend_schema(operation_id="v1_visits_photo_destroy", parameters=[PHOTO], responses={204: None})
    @photo.mapping.delete
    def leave_out(self, _request: Request, pk: str, photo: str) -> Response:
        """Expect a photo no longer that cannot come: 204, again and again; 409 when it is here."""
        with unknown_as_http():
            leave_photo_out(self._address(pk, photo), at=now())
        return Response(status=HTTPStatus.NO_CONTENT)

    @extend_schema(
        operation_id="v1_visits_photo_file", parameters=[PHOTO, SMALL], responses={(200, "image/jpeg"): bytes}
    )
    @action(detail=True, methods=["get"], url_path=f"{ONE}/file")
    def file(self, request: Request, pk: str, photo: str) -> HttpResponseBase:
        """Give the picture, with nothing in it but pixels."""
        found = self._seen(pk, photo)
        if not found.arrived:
            raise Http404
        opened = found.opened(small=request.query_params.get("small") == "1")
        response = FileResponse(opened, content_type="image/jpeg", filename=f"{found.pk}.jpg")
        response["Cache-Control"] = "no-store"
        return response

    @extend_schema(operation_id="v1_visits_photo_parts", parameters=[PHOTO], responses=PartsOut)
    @action(detail=True, methods=["get"], url_path=f"{ONE}/parts")
    def parts(self, _request: Request, pk: str, photo: str) -> Response:
        """Tell which parts are here."""
        with unknown_as_http():
            done, numbers = parts_of(self._address(pk, photo))
        return Response({"done": done, "parts": numbers})

    @extend_schema(
        operation_id="v1_visits_photo_part",
        parameters=[PHOTO, NUMBER, X_SHA256],
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses={200: PartOut, 201: PartOut},
    )
    @action(detail=True, methods=["put"], url_path=f"{ONE}/parts/{PART}", parser_classes=[PartParser])
    def put_part(self, request: Request, pk: str, photo: str, number: str) -> Response:
        """Keep one part of 65,536 bytes (the last is shorter): 201 new, 200 had it, 409 other bytes."""
        to, digest = self._address(pk, photo), request.headers.get("X-Sha256", "")
        with told_as_http(), unknown_as_http():
            new = keep_part(to, number=int(number), sent=bytes_of(request), digest=digest, at=now())
        return Response({"part": int(number)}, status=HTTPStatus.CREATED if new else HTTPStatus.OK)

    @extend_schema(
        operation_id="v1_visits_photo_complete",
        parameters=[PHOTO],
        request=WholeIn,
        responses={200: VisitPhotoOut, 201: VisitPhotoOut},
    )
    @action(detail=True, methods=["post"], url_path=f"{ONE}/complete")
    def complete(self, request: Request, pk: str, photo: str) -> Response:
        """Put the parts together: 201 new, 200 had it, 409 with `missing`, 400 when the whole is another."""
        to, given = self._address(pk, photo), self.heard(WholeIn)
        try:
            with told_as_http(), unknown_as_http():
                new = complete_photo(to, Whole(**given), at=now())
        except PartsMissing as missing:
            said = problem_json(Problem(409, "refused", str(missing)), instance=request.path)
            body = {**said, "missing": missing.numbers}
            return Response(body, status=HTTPStatus.CONFLICT, content_type="application/problem+json")
        return self._kept(to, new=new)

    def get_queryset(self) -> models.QuerySet[Photo]:
        """Read only photos that this user may see, none that was taken out again."""
        return super().get_queryset().standing()  # type: ignore[attr-defined, no-any-return]

    def _seen(self, visit: str, photo: str) -> Photo:
        """Find a photo by the key of its visit, or by the key under which it came while that was held."""
        key = key_of(visit)
        mine = models.Q(visit=key) | models.Q(visit_key=key, by=self.user) | models.Q(visit_key=key, visit=None)
        found = self.get_queryset().filter(mine, pk=key_of(photo)).first()
        if found is None:
            raise Http404
        return found

    def _address(self, visit: str, photo: str) -> Address:
        """Read where a photo is sent to; what is neither a visit of theirs nor held for them is nowhere."""
        to = Address(key_of(visit), key_of(photo), self.user)
        if not knows_key(to.visit, by=to.by):
            raise Http404
        return to

    def _kept(self, to: Address, *, new: bool) -> Response:
        kept = visible(Photo, self.user).get(pk=to.photo)
        return Response(self.get_serializer(kept).data, status=HTTPStatus.CREATED if new else HTTPStatus.OK)


@contextmanager
def unknown_as_http() -> Iterator[None]:
    """Answer a stranger's photo exactly like an unknown one."""
    try:
        yield
    except (Photo.DoesNotExist, Visit.DoesNotExist):
        raise Http404 from None


def _taken_at(request: Request) -> datetime | None:
    given = request.headers.get("Taken-At")
    if given is None:
        return None
    try:
        return Moment().to_internal_value(given)
    except serializers.ValidationError as error:
        raise ValidationError({"Taken-At": error.detail}) from None
