"""Signs of life of what sends, the times when there was none, and how far the repair of the plan has come."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reminders.states import Part


class Pulse(models.Model):
    """The last sign of life of one process; a row for each, so that none waits for another."""

    name = models.CharField(_("process"), max_length=200, unique=True, help_text=_("Part, host and process number."))
    part = models.CharField(_("part"), max_length=12, choices=Part.choices)
    at = models.DateTimeField(_("at"), help_text=_("By the database's clock."))
    failures = models.PositiveIntegerField(_("rings in vain"), default=0, help_text=_("Of a bell: nobody heard it."))

    class Meta:
        """Found by its name."""

        verbose_name = _("sign of life")
        verbose_name_plural = _("signs of life")

    def __str__(self) -> str:
        """Read as the name."""
        return self.name


class Outage(models.Model):
    """A time in which nothing could be sent, found by whoever sent first afterwards."""

    began_at = models.DateTimeField(_("from"), unique=True, help_text=_("The last sign of life before."))
    ended_at = models.DateTimeField(_("until"), help_text=_("The first sign of life after."))
    missed = models.PositiveIntegerField(
        _("messages that came too late"), null=True, help_text=_("Counted once what is still useful has left.")
    )

    class Meta:
        """One row however many processes start at once; it ends after it began."""

        verbose_name = _("outage")
        verbose_name_plural = _("outages")
        constraints = [
            models.CheckConstraint(
                name="outage_ends_after_it_began",
                condition=Q(ended_at__gt=F("began_at")),
                violation_error_message=_("An outage ends after it began."),
            ),
        ]
        indexes = [models.Index(fields=["id"], name="outage_open", condition=Q(missed__isnull=True))]

    def __str__(self) -> str:
        """Read as the key."""
        return f"#{self.pk}"


class Sweep(models.Model):
    """The one row that says when the plan was last repaired, and which of the far sessions were reached."""

    began_at = models.DateTimeField(_("last begun at"), null=True)
    reached_at = models.DateTimeField(_("reached"), null=True, help_text=_("Start of the last far session looked at."))
    reached = models.BigIntegerField(_("reached"), default=0, help_text=_("Key of the last far session looked at."))

    class Meta:
        """There is one."""

        verbose_name = _("repair of the plan")
        verbose_name_plural = _("repairs of the plan")
        constraints = [
            models.CheckConstraint(
                name="one_sweep", condition=Q(id=1), violation_error_message=_("There is one repair of the plan.")
            ),
        ]

    def __str__(self) -> str:
        """Read as the key."""
        return f"#{self.pk}"
