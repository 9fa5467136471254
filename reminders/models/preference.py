"""What staff do not want to be told."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reminders.states import SWITCHABLE, Kind


class Preference(models.Model):
    """One kind of notice that a member of staff switched off; without a row it is sent."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="switched_off",
        verbose_name=_("member of staff"),
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)

    class Meta:
        """Switched off once, and only what may be."""

        verbose_name = _("notice switched off")
        verbose_name_plural = _("notices switched off")
        constraints = [
            models.UniqueConstraint(
                name="one_preference_per_user_and_kind",
                fields=["user", "kind"],
                violation_error_message=_("This kind of message is already switched off."),
            ),
            models.CheckConstraint(
                name="preference_may_be_switched_off",
                condition=Q(kind__in=SWITCHABLE),
                violation_error_message=_("This kind of message is always sent."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the kind."""
        return str(self.get_kind_display())
