"""Long tables that are written in the background: how far one is, and its file."""

from typing import Any

from django.http import FileResponse
from django.utils.timezone import now
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.reverse import reverse

from api.base import Scoped
from api.renderers import CsvRenderer, XlsxRenderer
from api.shapes import Output
from common.sheets import XLSX
from downloads.actions import note_fetched
from downloads.models import Download
from downloads.rules import Can
from downloads.views import as_file


class DownloadOut(Output[Download]):
    """One table as its owner asked for it; `file` is its address once it is ready, for one day."""

    file = serializers.SerializerMethodField()

    class Meta:
        model = Download
        fields = [
            *("id", "table", "form", "state", "failure", "done", "total", "size"),
            *("asked_at", "finished_at", "expires_at", "file"),
        ]

    def get_file(self, download: Download) -> str | None:
        """Say where the file is."""
        if not download.is_ready:
            return None
        return reverse("api-download-file", args=[download.pk], request=self.context["request"])


class DownloadViewSet(RetrieveModelMixin, Scoped[Download]):
    """One's own downloads; a list answers 202 with the address of one when its workbook is long."""

    model = Download
    serializer_class = DownloadOut
    abilities = dict.fromkeys(("retrieve", "file"), Can.TAKE_LIST)

    def get_renderers(self) -> list[Any]:
        """Let a caller ask for the file by its kind."""
        files = (XlsxRenderer(), CsvRenderer()) if getattr(self, "action", "") == "file" else ()
        return [*super().get_renderers(), *files]

    @extend_schema(responses={(200, XLSX): OpenApiTypes.BINARY, (200, "text/csv"): OpenApiTypes.STR})
    @action(detail=True, methods=["get"])
    def file(self, _request: Request, pk: str) -> FileResponse:  # noqa: ARG002  read from the address by get_object
        """Hand the file to its owner, who may still read the list; that it was taken is noted."""
        download = self.get_object()
        note_fetched(download, by=self.user, at=now())
        return as_file(download)
