"""When people may say by themselves that they are here, and how often somebody may guess."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.models import Session
from programs.querysets import OfSessionQuerySet
from villages.models import ContactPoint


class CheckIn(models.Model):
    """One time that the door was open: its code is shown in the room and counted from session and number, not kept."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="check_ins", verbose_name=_("session"))
    number = models.PositiveIntegerField(_("number"))
    opened_at = models.DateTimeField(_("opened at"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("opened by")
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = OfSessionQuerySet.as_manager()

    class Meta:
        """One code at a time, each only once."""

        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        constraints = [
            models.UniqueConstraint(
                name="one_check_in_per_number",
                fields=["session", "number"],
                violation_error_message=_("Someone else showed a code a moment ago."),
            ),
            models.UniqueConstraint(
                name="one_open_check_in_per_session",
                fields=["session"],
                condition=Q(closed_at__isnull=True),
                violation_error_message=_("Someone else showed a code a moment ago."),
            ),
        ]

    def __str__(self) -> str:
        """Read as session and number."""
        return f"{self.session_id}.{self.number}"


class CheckInTries(models.Model):
    """How many codes were typed behind one personal link since when."""

    contact_point = models.OneToOneField(
        ContactPoint, on_delete=models.CASCADE, primary_key=True, related_name="+", verbose_name=_("number")
    )
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    since = models.DateTimeField(_("since"))

    class Meta:
        """Names only."""

        verbose_name = _("check-in tries")
        verbose_name_plural = _("check-in tries")

    def __str__(self) -> str:
        """Read as the key."""
        return f"#{self.pk}"
