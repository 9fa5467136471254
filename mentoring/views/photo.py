"""The photos of a visit: the pictures themselves, for who may see the visit."""

from uuid import UUID

from django.db import models
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase

from common.pages import Page
from mentoring.models import Photo
from mentoring.rules import Can


class VisitPhoto(Page[Photo]):
    """One picture, kept by no cache, run by no browser; `?small=1` gives the small one."""

    ability = Can.READ_VISIT
    model = Photo
    http_method_names = ["get", "head"]

    def rows(self) -> models.QuerySet[Photo]:
        """Look among the photos of this visit, or of this key while the visit is held."""
        key: UUID = self.kwargs["visit"]
        seen: models.QuerySet[Photo] = super().rows().arrived()  # type: ignore[attr-defined]
        return seen.filter(models.Q(visit=key) | models.Q(visit=None, visit_key=key))

    def get(self, request: HttpRequest, **_kwargs: object) -> HttpResponseBase:
        """Hand it out."""
        photo = self.row()
        opened = photo.opened(small=request.GET.get("small") == "1")
        response = FileResponse(opened, content_type="image/jpeg", filename=f"kunjungan-{photo.position}.jpg")
        response["Cache-Control"] = "private, no-store"
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response
