"""What is kept about the marks of a sheet: each one that was ever made, the signed paper, and who was spoken to."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_lazy as _

from attendance.querysets import OfSeatQuerySet, SheetPhotoQuerySet
from attendance.states import Contacted, Outcome
from common.errors import Refused
from programs.models import Attendance, Session
from programs.states import AttendanceSource, AttendanceState, Excuse


class AttendanceMark(models.Model):
    """One mark that a seat has had; append-only, the last one is the seat's own."""

    seat = models.ForeignKey(Attendance, on_delete=models.PROTECT, related_name="marks", verbose_name=_("seat"))
    version = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=AttendanceState.choices)
    minutes = models.PositiveIntegerField(_("minutes"))
    excuse = models.CharField(_("excuse"), max_length=8, choices=Excuse.choices, blank=True)
    source = models.CharField(_("source"), max_length=8, choices=AttendanceSource.choices)
    reason = models.CharField(_("reason"), max_length=300, blank=True, help_text=_("Why it was corrected."))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    objects = OfSeatQuerySet.as_manager()
    renumbered: ClassVar = "version"  # the marks of one person's two seats go on after each other

    class Meta:
        """Numbered without doubles."""

        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        constraints = [
            models.UniqueConstraint(
                name="one_mark_per_version",
                fields=["seat", "version"],
                violation_error_message=_("Someone else changed this a moment ago. Look again before you go on."),
            ),
        ]

    def __str__(self) -> str:
        """Read as seat and version."""
        return f"{self.seat_id}.{self.version}"


def page_name(_photo: models.Model, _name: str) -> str:
    """Name a file so that nothing can be read from its name."""
    return f"sheets/{uuid4().hex}.jpg"


class SheetPhoto(models.Model):
    """One page of the signed sheet, photographed: evidence."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="photos", verbose_name=_("session"))
    file = models.FileField(_("file"), upload_to=page_name)
    sha256 = models.CharField(_("SHA-256"), max_length=64, help_text=_("Of the file as it was sent."))
    size = models.PositiveIntegerField(_("size"), help_text=_("Bytes kept."))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))

    objects = SheetPhotoQuerySet.as_manager()

    class Meta:
        """The same page is kept once."""

        verbose_name = _("photo of the sheet")
        verbose_name_plural = _("photos of the sheet")
        constraints = [
            models.UniqueConstraint(
                name="one_photo_per_page",
                fields=["session", "sha256"],
                violation_error_message=_("This photo is already here."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the key."""
        return f"#{self.pk}"

    def opened(self) -> FieldFile:
        """Open the picture; a file that the disk has lost is said in words."""
        try:
            return self.file.open("rb")
        except FileNotFoundError:
            raise Refused(_("The file of this photo is missing. Ask who keeps the system.")) from None


class AbsenceNote(models.Model):
    """Who was spoken to about somebody's absences, and what came of it; it holds until the next absence."""

    seat = models.ForeignKey(
        Attendance, on_delete=models.PROTECT, related_name="absence_notes", verbose_name=_("last absence")
    )
    contacted = models.CharField(_("spoke to"), max_length=16, choices=Contacted.choices)
    outcome = models.CharField(_("what came of it"), max_length=16, choices=Outcome.choices)
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))

    objects = OfSeatQuerySet.as_manager()

    class Meta:
        """Names only."""

        verbose_name = _("note about absences")
        verbose_name_plural = _("notes about absences")

    def __str__(self) -> str:
        """Read as the key."""
        return f"#{self.pk}"
