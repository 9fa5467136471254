"""The photos of a visit: the pictures themselves, for who may see the visit."""

from uuid import UUID

from django.db import models
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from common.handing import hand_out
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
        return hand_out(opened, media_type="image/jpeg", name=f"kunjungan-{photo.position}")
