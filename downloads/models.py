"""A list that somebody takes along."""

from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from downloads.querysets import DownloadQuerySet
from downloads.states import DownloadState, Failure, Form


class Download(models.Model):
    """One list as one member of staff asked for it; a worker writes it, and a day later it is deleted."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    owner: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="downloads", verbose_name=_("owner")
    )
    table = models.CharField(_("list"), max_length=60)
    query = models.TextField(
        _("filters"), max_length=2000, blank=True, help_text=_("As in the list's address; emptied with the file.")
    )
    form = models.CharField(_("form"), max_length=4, choices=Form.choices, default=Form.XLSX)
    language = models.CharField(_("language"), max_length=8)
    state = models.CharField(_("state"), max_length=8, choices=DownloadState.choices, default=DownloadState.WAITING)
    total = models.PositiveIntegerField(_("rows"), help_text=_("As counted when it was asked for."))
    done = models.PositiveIntegerField(_("rows written"), default=0)
    attempt = models.PositiveSmallIntegerField(
        _("attempt"), default=0, help_text=_("Only the latest one may finish it.")
    )
    lease_until = models.DateTimeField(
        _("held until"), null=True, blank=True, help_text=_("By the clock of the database; then another takes it up.")
    )
    file = models.CharField(_("file"), max_length=120, blank=True)
    size = models.PositiveBigIntegerField(_("size"), default=0, help_text=_("Bytes."))
    failure = models.CharField(_("why not"), max_length=8, choices=Failure.choices, blank=True)
    asked_at = models.DateTimeField(_("asked at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("kept until"))

    objects = DownloadQuerySet.as_manager()

    class Meta:
        """What is ready has a file, and what failed a reason."""

        verbose_name = _("download")
        verbose_name_plural = _("downloads")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="download_that_is_ready_has_a_file",
                condition=Q(state=DownloadState.READY, finished_at__isnull=False) & ~Q(file="")
                | ~Q(state=DownloadState.READY) & Q(file=""),
                violation_error_message=_("Only a download that is ready has a file."),
            ),
            models.CheckConstraint(
                name="download_that_failed_says_why",
                condition=~Q(state=DownloadState.FAILED) | ~Q(failure=""),
                violation_error_message=_("Say why it was not written."),
            ),
            models.CheckConstraint(
                name="download_that_is_deleted_keeps_no_filters",
                condition=~Q(state=DownloadState.EXPIRED) | Q(query=""),
                violation_error_message=_("What is deleted keeps no filters."),
            ),
            models.CheckConstraint(
                name="download_state_is_known",
                condition=Q(state__in=DownloadState.values, form__in=Form.values),
                violation_error_message=_("This state is not known."),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "-asked_at", "-id"], name="download_by_owner"),
            models.Index(fields=["state", "asked_at", "id"], name="download_by_state"),
        ]

    def __str__(self) -> str:
        """Read as the key."""
        return f"#{self.pk}"

    @property
    def percent(self) -> int:
        """Tell how far it is, 0 to 100."""
        return min(100, 100 * self.done // self.total) if self.total else 0

    @property
    def is_open(self) -> bool:
        """Tell whether it is still to be written."""
        return self.state in (DownloadState.WAITING, DownloadState.WRITING)

    @property
    def is_ready(self) -> bool:
        """Tell whether its file is there."""
        return self.state == DownloadState.READY
