"""A paper that shows something: what every document of a claim or of an export has."""

from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_lazy as _

from common.errors import Refused
from exports.states import DocumentKind


def paper_name(_paper: models.Model, name: str) -> str:
    """Name a file so that nothing can be read from its name but its kind."""
    return f"documents/{uuid4().hex}.{'pdf' if name.endswith('.pdf') else 'jpg'}"


class Document(models.Model):
    """One file: a photo, drawn anew, or a PDF as it came; known by the digest of what was sent."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    kind = models.CharField(_("kind"), max_length=12, choices=DocumentKind.choices)
    file = models.FileField(_("file"), upload_to=paper_name)
    sha256 = models.CharField(_("SHA-256"), max_length=64, help_text=_("Of the file as it was sent."))
    media_type = models.CharField(_("media type"), max_length=40)
    size = models.PositiveIntegerField(_("size"), help_text=_("Bytes kept."))
    at = models.DateTimeField(_("at"))
    by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )

    class Meta:
        """Each table says where a file may stand only once."""

        abstract: ClassVar[bool] = True

    def __str__(self) -> str:
        """Read as the kind."""
        return self.kind

    def opened(self) -> FieldFile:
        """Open the file; one that the disk has lost is said in words."""
        try:
            return self.file.open("rb")
        except FileNotFoundError:
            raise Refused(_("The file of this document is missing. Ask who keeps the system.")) from None
