"""Reports that were frozen: what was handed on stays what it was."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.models import Program
from reports.querysets import RegionReportQuerySet
from villages.models import Region


class RegionReport(models.Model):
    """One month of one region, or of all of them, as it was counted on one day; never changed, never deleted.

    Its pages are drawn from `facts` alone, and `sha256` is their fingerprint.
    """

    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("region"),
        help_text=_("Empty: all of Indonesia."),
    )
    program = models.ForeignKey(
        Program,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("program"),
        help_text=_("Empty: all programs."),
    )
    month = models.DateField(_("month"), help_text=_("Its first day."))
    sequence = models.PositiveIntegerField(
        _("edition"), help_text=_("The first of its region, program and month is 1.")
    )
    facts = models.JSONField(_("facts"), help_text=_("Every figure that is shown; names of places, never of people."))
    sha256 = models.CharField(_("fingerprint"), max_length=64, help_text=_("SHA-256 of the facts."))
    code_edition = models.CharField(_("edition of the program"), max_length=60)
    region_edition = models.CharField(_("edition of the regions"), max_length=120)
    frozen_at = models.DateTimeField(_("frozen at"))
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("frozen by")
    )

    objects = RegionReportQuerySet.as_manager()

    class Meta:
        """Editions of one subject are counted; a month is named by its first day."""

        verbose_name = _("monthly report")
        verbose_name_plural = _("monthly reports")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="report_edition_is_frozen_once",
                fields=["region", "program", "month", "sequence"],
                nulls_distinct=False,
                violation_error_message=_("Someone else froze this report a moment ago. Look at theirs first."),
            ),
            models.CheckConstraint(
                name="report_is_of_a_month",
                condition=Q(month__day=1, sequence__gte=1),
                violation_error_message=_("A report is of a whole month."),
            ),
            models.CheckConstraint(
                name="report_has_a_fingerprint",
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$") & ~Q(code_edition=""),
                violation_error_message=_("A frozen report has its fingerprint and says what counted it."),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["-frozen_at", "-id"], name="report_by_day")]

    def __str__(self) -> str:
        """Read as region, month and edition."""
        return f"{self.region_id or 'ID'} {self.month:%Y-%m} #{self.sequence}"
