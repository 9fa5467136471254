"""A mentor's villages."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mentoring.querysets import AssignmentQuerySet
from villages.models import Village


class Assignment(models.Model):
    """A mentor's letter for one village, from when until when."""

    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("mentor")
    )
    village = models.ForeignKey(
        Village, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("village")
    )
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        """One open letter per mentor and village."""

        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.CheckConstraint(
                name="assignment_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("An assignment ends after it starts."),
            ),
            models.UniqueConstraint(
                name="one_open_assignment_per_mentor_and_village",
                fields=["mentor", "village"],
                condition=Q(ends_on__isnull=True),
                violation_error_message=_("This mentor is already assigned to this village."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the key."""
        return f"#{self.pk}"
