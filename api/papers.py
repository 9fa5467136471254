"""Papers of sessions: what there is, each as PDF, all as one zip, and the words of the minutes."""

from http import HTTPStatus
from io import BytesIO
from typing import Any

from django.conf import settings
from django.db import models
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils.timezone import now
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from api.base import AbleView
from api.fields import Named, visible
from api.renderers import PdfRenderer, ZipRenderer
from api.shapes import Input, Output
from papers.actions import note_bundle, note_paper, write_minutes
from papers.bundle import bundle_name, stream_bundle
from papers.models import Minutes
from papers.rules import Can
from papers.shelf import Shelf, with_what_is_printed
from papers.states import PaperKind
from papers.wording import SLUGS
from programs.models import Session

KIND = OpenApiParameter("kind", OpenApiTypes.STR, OpenApiParameter.PATH, enum=PaperKind.values)


class ShelvedOut(serializers.Serializer[Any]):
    """One paper: whether it is there, what it lacks, and its number when it has one."""

    kind = serializers.ChoiceField(choices=PaperKind.choices)
    name = serializers.CharField(source="label")
    available = serializers.SerializerMethodField()
    lacks = serializers.CharField()
    number = serializers.CharField(source="letter.reference", default=None, allow_null=True)

    def get_available(self, place: Any) -> bool:
        """Tell whether it can be printed."""
        return not place.lacks


class ShelfOut(serializers.Serializer[Any]):
    """The papers of a session, in the order in which they come about."""

    session = serializers.IntegerField()
    papers = ShelvedOut(many=True)


class MinutesIn(Input[Minutes]):
    """The words of the minutes, and the version that they change: 0 when there were none."""

    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1, required=False)

    class Meta:
        model = Minutes
        fields = ["results", "obstacles", "follow_up", "witness", "witness_position", "version"]


class MinutesOut(Output[Minutes]):
    """The minutes as they stand."""

    written_by = Named()

    class Meta:
        model = Minutes
        fields = [
            *("session", "results", "obstacles", "follow_up", "witness", "witness_position"),
            *("state", "version", "written_at", "written_by", "closed_at"),
        ]


class SessionPaperViewSet(AbleView, GenericViewSet[Session]):
    """Papers of one session."""

    model = Session
    abilities = {
        "papers": Can.PRINT_PAPER,
        "paper": Can.PRINT_PAPER,
        "bundle": Can.TAKE_BUNDLE,
        "minutes": Can.WRITE_MINUTES,
    }
    serializer_class = ShelfOut
    filter_backends = ()

    def get_queryset(self) -> models.QuerySet[Session]:
        """Read only what this user may see, with what is printed; the schema's maker sees nothing."""
        if getattr(self, "swagger_fake_view", False):
            return self.model._default_manager.none()
        return with_what_is_printed(visible(self.model, self.user))

    def shelf(self) -> Shelf:
        """Open the shelf of this session."""
        return Shelf(self.get_object(), reader=self.user, at=now(), base_url=settings.BASE_URL)

    @extend_schema(responses=ShelfOut)
    @action(detail=True, methods=["get"])
    def papers(self, _request: Request, pk: str) -> Response:  # noqa: ARG002  read from the address by get_object
        """List the papers, and what the missing ones lack."""
        shelf = self.shelf()
        return Response(ShelfOut({"session": shelf.session.pk, "papers": shelf.places()}).data)

    @extend_schema(
        operation_id="v1_sessions_paper_read",
        parameters=[KIND],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    @action(
        detail=True,
        methods=["get"],
        url_path="papers/(?P<kind>[a-z-]+)",
        renderer_classes=[PdfRenderer, JSONRenderer],
    )
    def paper(self, _request: Request, pk: str, kind: str) -> HttpResponse:
        """Give one paper as PDF; a sheet has masked numbers, and reading it is kept in the history."""
        shelf = self.shelf()
        if kind not in PaperKind:
            raise Http404
        written = BytesIO()
        shelf.write(PaperKind(kind), written)
        note_paper(shelf.session, kind=PaperKind(kind), rows=len(shelf.rows), by=self.user, at=shelf.at)
        name = {
            "Content-Disposition": f'inline; filename="{SLUGS[PaperKind(kind)]}-{pk}.pdf"',
            **self.default_response_headers,
        }
        return HttpResponse(written.getvalue(), content_type="application/pdf", headers=name)

    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], renderer_classes=[ZipRenderer, JSONRenderer])
    def bundle(self, _request: Request, pk: str) -> StreamingHttpResponse:  # noqa: ARG002
        """Stream all papers in one zip; DAFTAR-ISI.txt says what is missing."""
        shelf = self.shelf()
        note_bundle(shelf.session, rows=len(shelf.rows), by=self.user, at=shelf.at)
        name = {"Content-Disposition": f'attachment; filename="{bundle_name(shelf)}"', **self.default_response_headers}
        return StreamingHttpResponse(stream_bundle(shelf), content_type="application/zip", headers=name)

    @extend_schema(request=MinutesIn, responses=MinutesOut)
    @action(detail=True, methods=["put"])
    def minutes(self, request: Request, pk: str) -> Response:  # noqa: ARG002
        """Write the minutes; the same words again change nothing, another version is 409."""
        session = self.get_object()
        given = MinutesIn(data=request.data)
        given.is_valid(raise_exception=True)
        kept = write_minutes(session, **given.validated_data, by=self.user, at=now())
        return Response(MinutesOut(kept).data, status=HTTPStatus.OK)
