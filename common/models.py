"""The one append-only table of what happened; it is the history on pages and the audit trail."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.verbs import PERSONAL


class EventQuerySet(models.QuerySet["Event"]):
    """Scopes over what happened."""

    def about(self, subject: models.Model) -> Self:
        """Keep the events of one row."""
        return self.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))


class Event(models.Model):
    """One thing that one actor did to one row; never changed, never deleted."""

    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    verb = models.CharField(_("verb"), max_length=40)
    subject_type = models.CharField(_("subject type"), max_length=60)
    subject_id = models.CharField(_("subject"), max_length=40)
    origin = models.CharField(_("from state"), max_length=40, blank=True)
    goal = models.CharField(_("to state"), max_length=40, blank=True)
    facts = models.JSONField(
        _("facts"),
        default=dict,
        help_text=_("Ids, times, reasons; never names, phone numbers or free text about people."),
    )

    objects = EventQuerySet.as_manager()

    class Meta:
        """Indexed the way history is read: one subject, newest first."""

        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes: ClassVar = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="event_by_subject"),
            models.Index(fields=["by", "-id"], name="event_by_actor"),
            models.Index(fields=["-id"], condition=Q(verb__in=PERSONAL), name="event_of_personal_data"),
        ]

    def __str__(self) -> str:
        """Read as verb and subject."""
        return f"{self.verb} {self.subject_type} {self.subject_id}"
