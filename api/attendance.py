"""What stands around the sheets: photos of the signed paper, and people who keep away."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.utils.timezone import now
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ScopedList, ScopedViewSet
from api.fields import Moment, Named, Words, visible
from api.parsers import ImageParser, bytes_of, told_as_http
from api.shapes import Output, Reason
from attendance.absences import missed
from attendance.actions import keep_photo, note_absence, remove_photo
from attendance.filters import AbsenceFilter, SheetPhotoFilter
from attendance.models import AbsenceNote, SheetPhoto
from attendance.rules import Can
from attendance.states import Contacted, Outcome
from common.dates import local_date
from common.events import note_reading
from common.zones import Zone
from programs.models import Attendance, Enrollment, Session

IN_SESSION = OpenApiParameter("session", int, required=True, description="The session whose sheet it shows.")


class PhotoOut(Output[SheetPhoto]):
    """One page of a signed sheet; its picture is at `file/`."""

    by = Named()

    class Meta:
        model = SheetPhoto
        fields = ["id", "session", "sha256", "size", "at", "by"]


class SheetPhotoViewSet(ScopedViewSet[SheetPhoto]):
    """Photos of signed sheets."""

    model = SheetPhoto
    serializer_class = PhotoOut
    filterset_class = SheetPhotoFilter
    abilities = {
        **dict.fromkeys(("list", "retrieve", "file", "update"), Can.MARK_ATTENDANCE),
        "remove": Can.REMOVE_EVIDENCE,
    }
    orderings = ("at",)

    def get_parsers(self) -> list[Any]:
        """Take a picture as the body of a PUT, JSON otherwise."""
        method = getattr(self.request, "method", "")
        return [ImageParser()] if method == "PUT" else super().get_parsers()

    def shape(self, rows: Any) -> Any:
        """Read along who took it."""
        return rows.select_related("by")

    @extend_schema(
        parameters=[IN_SESSION],
        request={f"image/{kind}": OpenApiTypes.BINARY for kind in ("jpeg", "png", "webp")},
        responses={200: PhotoOut, 201: PhotoOut},
    )
    def update(self, request: Request, pk: str) -> Response:
        """Keep a photo under a key of the caller's: 201 new, 200 had it, 409 when the key names another."""
        at = now()
        with told_as_http():
            photo = keep_photo(self._session(), sent=bytes_of(request), key=_key(pk), by=self.user, at=at)
        return self.shown(photo, status=status.HTTP_201_CREATED if photo.at == at else status.HTTP_200_OK)

    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def file(self, _request: Request, pk: str) -> HttpResponseBase:  # noqa: ARG002
        """Give the picture."""
        photo = self.get_object()
        note_reading(photo, verb="document_read", by=self.user, at=now())
        response = FileResponse(photo.opened(), content_type="image/jpeg", filename=f"{photo.pk}.jpg")
        response["Cache-Control"] = "no-store"
        return response

    @extend_schema(request=Reason, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Take it away for good, and say why."""
        remove_photo(self.get_object(), **self.heard(Reason), by=self.user, at=now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _session(self) -> Session:
        asked = self.request.query_params.get("session", "")
        key = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else 0  # noqa: PLR2004  fits a key
        session = visible(Session, self.user).filter(pk=key).first()
        if session is None:
            raise Http404
        return session


def _key(pk: str) -> UUID:
    try:
        return UUID(pk)
    except ValueError:
        raise Http404 from None


class AbsentOut(serializers.Serializer[Any]):
    """A participant who was absent several times in a row."""

    id = serializers.IntegerField(help_text="The enrollment.")
    person = Named()
    cohort = serializers.IntegerField(source="cohort_id")
    village = serializers.IntegerField(source="cohort.village_id")
    absences = serializers.IntegerField()
    missed_at = Moment(help_text="When the last missed session began.")
    seen_at = Moment(allow_null=True, help_text="When the last session began that they came to or were excused from.")
    seat = serializers.IntegerField(source="last_seat", help_text="The last absence.")


class NoteIn(serializers.Serializer[Any]):
    """Who was spoken to, and what came of it."""

    contacted = serializers.ChoiceField(choices=Contacted.choices)
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    remark = Words(max_length=300, required=False, allow_blank=True)


class NoteOut(Output[AbsenceNote]):
    """What was noted."""

    by = Named()

    class Meta:
        model = AbsenceNote
        fields = ["id", "seat", "contacted", "outcome", "remark", "at", "by"]


class AbsenceViewSet(ScopedList[Enrollment]):
    """Who keeps away and is to be called: nothing was noted since, or only to try again."""

    model = Enrollment
    serializer_class = AbsentOut
    filterset_class = AbsenceFilter
    abilities = {"list": Can.NOTE_ABSENCE, "note": Can.NOTE_ABSENCE}
    orderings = ("-absences", "person__name")

    def shape(self, rows: Any) -> Any:
        """Keep who keeps away."""
        return missed(self.user, day=local_date(now(), Zone.WIB)).filter(pk__in=rows.values("pk"))

    @extend_schema(request=NoteIn, responses={201: NoteOut})
    @action(detail=True, methods=["post"])
    def note(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Note who was spoken to and what came of it; unless it is to be tried again, they are off the list."""
        absent: Any = self.get_object()
        seat = visible(Attendance, self.user).get(pk=absent.last_seat)
        note = note_absence(seat, **self.heard(NoteIn), by=self.user, at=now())
        return Response(NoteOut(note).data, status=status.HTTP_201_CREATED)
