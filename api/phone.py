"""What a mentor's phone keeps for the days without signal."""

from datetime import timedelta
from json import dumps

from django.contrib.auth import SESSION_KEY
from django.utils.timezone import now
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from api.base import AbleView
from common.events import note_reading
from mentoring.rules import Can
from phone.pack import pack_of

KNOWN = OpenApiParameter("If-None-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="The pack you have.")

A_DAY = timedelta(days=1)


class MyPack(AbleView):
    """The villages, people, open items, visits, plans and sessions that a mentor works with.

    The header `Holds` tells how many of each, and how many bytes, before the body comes.
    """

    abilities = {"get": Can.LOG_VISIT}

    @extend_schema(
        parameters=[KNOWN],
        responses={200: OpenApiTypes.OBJECT, 304: OpenApiResponse(description="The pack that you have is the latest.")},
    )
    def get(self, request: Request) -> Response:
        """Give the pack, or say that the caller has it."""
        pack = pack_of(self.user, at=now())
        headers = {"ETag": f'"{pack.etag}"', "Holds": dumps(pack.holds, separators=(",", ":"))}
        if _has(request.headers.get("If-None-Match", ""), pack.etag):
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers=headers)
        note_reading(self.user, verb="pack_taken", by=self.user, at=now(), within=A_DAY, rows=pack.holds["people"])
        return Response(pack.content, headers=headers)

    def permission_denied(self, request: Request, message: str | None = None, code: str | None = None) -> None:  # type: ignore[override]
        """Tell a phone whose account was closed from one whose sign-in is over: only the first must forget people."""
        if not request.user.is_authenticated and _is_closed(request):
            raise PermissionDenied
        if not request.user.is_authenticated:
            raise NotAuthenticated
        raise PermissionDenied(message, code)


def _has(given: str, etag: str) -> bool:
    """Compare weakly: a proxy that packs the body marks the name with W/."""
    return etag in {one.strip().removeprefix("W/").strip('"').removesuffix("-gzip") for one in given.split(",")}


def _is_closed(request: Request) -> bool:
    key = request.session.get(SESSION_KEY)
    return key is not None and User._default_manager.filter(pk=key, is_active=False).exists()
