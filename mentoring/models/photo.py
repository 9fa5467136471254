"""The photos of visits: which there are to be, which arrived, and the parts of those on their way."""

import uuid
from uuid import uuid4

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_lazy as _

from common.errors import Refused
from mentoring.models.visit import Visit
from mentoring.querysets import PhotoQuerySet
from mentoring.states import PhotoState

MOST_PHOTOS = 6
MOST_PARTS = 128  # of 64 KiB: as much as a photo may have
DIGEST = RegexValidator(r"\A[0-9a-f]{64}\Z", _("Write a SHA-256 as 64 hexadecimal digits."))


def photo_name(_photo: models.Model, _name: str) -> str:
    """Name a file so that nothing can be read from its name, and none is ever written over."""
    return f"visits/{uuid4().hex}.jpg"


class Photo(models.Model):
    """One photo of a visit, under a key chosen on the phone; it may be named, or come, before its visit is stored."""

    id = models.UUIDField(_("id"), primary_key=True, default=uuid.uuid4, editable=False)
    visit_key = models.UUIDField(_("key of the visit"), help_text=_("As its phone chose it; the visit may be held."))
    visit = models.ForeignKey(
        Visit, on_delete=models.PROTECT, null=True, blank=True, related_name="photos", verbose_name=_("visit")
    )
    state = models.CharField(_("state"), max_length=10, choices=PhotoState.choices, default=PhotoState.AWAITED)
    named = models.BooleanField(_("named"), default=False, help_text=_("The visit says that this photo belongs to it."))
    position = models.PositiveSmallIntegerField(_("position"))
    sha256 = models.CharField(
        _("SHA-256"), max_length=64, blank=True, validators=[DIGEST], help_text=_("Of the file as it was sent.")
    )
    size = models.PositiveIntegerField(_("size"), default=0, help_text=_("Bytes as sent."))
    file = models.FileField(_("file"), upload_to=photo_name, blank=True)
    small = models.FileField(_("small file"), upload_to=photo_name, blank=True)
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True, help_text=_("By the phone's clock."))
    arrived_at = models.DateTimeField(_("arrived at"), null=True, blank=True)
    lapsed_at = models.DateTimeField(
        _("lapsed at"), null=True, blank=True, help_text=_("When parts that nobody completed were let go.")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("sent by")
    )

    objects = PhotoQuerySet.as_manager()

    class Meta:
        """Arrived photos have their files and no others do; six places a visit, each taken once."""

        verbose_name = _("photo of the visit")
        verbose_name_plural = _("photos of the visit")
        constraints = [
            models.CheckConstraint(
                name="arrived_photo_has_its_files",
                condition=(
                    Q(state=PhotoState.ARRIVED, arrived_at__isnull=False) & ~Q(file="") & ~Q(small="") & ~Q(sha256="")
                )
                | (~Q(state=PhotoState.ARRIVED) & Q(file="", small="", arrived_at__isnull=True)),
                violation_error_message=_("A photo that arrived has its file, and no other has one."),
            ),
            models.CheckConstraint(
                name="photo_state_is_known",
                condition=Q(state__in=PhotoState.values),
                violation_error_message=_("This state is not known."),
            ),
            models.CheckConstraint(
                name="visit_has_at_most_six_photos",
                condition=Q(position__gte=1, position__lte=MOST_PHOTOS),
                violation_error_message=_("A visit has at most six photos."),
            ),
            models.UniqueConstraint(
                name="photo_has_its_place_in_the_visit",
                fields=["visit", "position"],
                condition=Q(visit__isnull=False) & ~Q(state=PhotoState.WITHDRAWN),
                violation_error_message=_("Another photo took this place a moment ago. Send it again."),
            ),
            models.UniqueConstraint(
                name="photo_has_its_place_under_the_key",
                fields=["visit_key", "by", "position"],
                condition=Q(visit__isnull=True) & ~Q(state=PhotoState.WITHDRAWN),
                violation_error_message=_("Another photo took this place a moment ago. Send it again."),
            ),
        ]
        indexes = [models.Index(fields=["visit_key", "by"], name="photo_by_key")]

    def __str__(self) -> str:
        """Read as the key."""
        return str(self.pk)

    @property
    def arrived(self) -> bool:
        """Tell whether it is here."""
        return self.state == PhotoState.ARRIVED

    @property
    def place(self) -> uuid.UUID:
        """Tell under which key of a visit its picture is found."""
        return self.visit_id or self.visit_key

    def opened(self, *, small: bool = False) -> FieldFile:
        """Open the picture; a file that the disk has lost is said in words."""
        try:
            return (self.small if small else self.file).open("rb")
        except FileNotFoundError:
            raise Refused(_("The file of this photo is missing. Ask who keeps the system.")) from None


class PhotoPart(models.Model):
    """One part of a photo on its way; rows, so that whichever server gets the next one knows of it."""

    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="parts", verbose_name=_("photo"))
    number = models.PositiveSmallIntegerField(_("number"))
    sha256 = models.CharField(_("SHA-256"), max_length=64, validators=[DIGEST])
    content = models.BinaryField(_("content"))
    at = models.DateTimeField(_("at"))

    class Meta:
        """Each number once, from 0."""

        verbose_name = _("part of a photo")
        verbose_name_plural = _("parts of photos")
        constraints = [
            models.UniqueConstraint(
                name="part_comes_once",
                fields=["photo", "number"],
                violation_error_message=_("This part is already here with other bytes."),
            ),
            models.CheckConstraint(
                name="photo_has_at_most_128_parts",
                condition=Q(number__lt=MOST_PARTS),
                violation_error_message=_("A photo has at most 128 parts, numbered from 0."),
            ),
        ]
        indexes = [models.Index(fields=["at"], name="part_by_time")]

    def __str__(self) -> str:
        """Read as photo and number."""
        return f"{self.photo_id}.{self.number}"
