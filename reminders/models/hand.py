"""What a human told a person, or tried to, written down."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.models import Session, SessionRevision
from programs.querysets import OfSessionQuerySet
from villages.models import Person


class ManualContact(models.Model):
    """A human told a person: who, whom, about which session, when."""

    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, related_name="told_by_hand", verbose_name=_("session")
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="told_by_hand", verbose_name=_("person"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    revision = models.ForeignKey(
        SessionRevision, on_delete=models.PROTECT, related_name="+", verbose_name=_("session revision")
    )
    cancelled = models.BooleanField(_("told of its cancellation"), default=False)

    objects = OfSessionQuerySet.as_manager()

    class Meta:
        """Told once per revision, and once more when it is cancelled."""

        verbose_name = _("told by hand")
        verbose_name_plural = _("told by hand")
        constraints = [
            models.UniqueConstraint(
                name="told_by_hand_once_per_revision",
                fields=["revision", "person", "cancelled"],
                violation_error_message=_("This person has already been told."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the key."""
        return f"#{self.pk}"

    def absorb(self, other: Self) -> dict[str, object]:
        """Be one with the other word about the same revision: whoever told them first."""
        first = min(self, other, key=lambda told: told.at)
        return {"by_id": first.by_id, "at": first.at, "session_id": first.session_id}


class MissedCall(models.Model):
    """A human called about a session and nobody answered; each try is one row."""

    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, related_name="missed_calls", verbose_name=_("session")
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="missed_calls", verbose_name=_("person"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    objects = OfSessionQuerySet.as_manager()

    class Meta:
        """Names only."""

        verbose_name = _("call without an answer")
        verbose_name_plural = _("calls without an answer")
        indexes = [models.Index(fields=["session", "person"], name="missed_call_by_session")]

    def __str__(self) -> str:
        """Read as the key."""
        return f"#{self.pk}"
