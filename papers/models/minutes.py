"""Official minutes: what a session came to, in words."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.fields import refuse_control_characters, together
from papers.querysets import MinutesQuerySet
from papers.states import MinutesState
from programs.models import Session

SAID = [refuse_control_characters]


class Minutes(models.Model):
    """The words of one session's berita acara; its figures are counted until it is closed, and then kept."""

    session = models.OneToOneField(
        Session, on_delete=models.PROTECT, related_name="minutes_kept", verbose_name=_("session")
    )
    results = models.TextField(
        _("results"), max_length=4000, validators=SAID, help_text=_("What was done and agreed; one point per line.")
    )
    obstacles = models.TextField(_("obstacles"), max_length=2000, blank=True, validators=SAID)
    follow_up = models.TextField(
        _("follow-up"), max_length=2000, blank=True, validators=SAID, help_text=_("Who does what until when.")
    )
    witness = models.CharField(
        _("acknowledged by"), max_length=120, blank=True, validators=SAID, help_text=_("Who signs under “Mengetahui”.")
    )
    witness_position = models.CharField(_("job title"), max_length=120, blank=True, validators=SAID)
    state = models.CharField(_("state"), max_length=8, choices=MinutesState.choices, default=MinutesState.OPEN)
    version = models.PositiveIntegerField(_("version"), default=1)
    written_at = models.DateTimeField(_("written at"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("closed by"),
    )
    figures = models.JSONField(
        _("figures"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("The attendance as it was when these were closed."),
    )

    objects = MinutesQuerySet.as_manager()

    class Meta:
        """Closed minutes say who closed them and when, and keep the figures they were closed with."""

        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")
        constraints = [
            models.CheckConstraint(
                name="closed_minutes_have_a_time_and_a_hand",
                condition=together("closed_at", "closed_by")
                & (
                    Q(state=MinutesState.OPEN, closed_at__isnull=True)
                    | Q(state=MinutesState.CLOSED, closed_at__isnull=False)
                ),
                violation_error_message=_("Closed minutes say who closed them and when."),
            ),
            models.CheckConstraint(
                name="closed_minutes_keep_their_figures",
                condition=Q(state=MinutesState.OPEN, figures__isnull=True)
                | Q(state=MinutesState.CLOSED, figures__isnull=False),
                violation_error_message=_("Closed minutes keep the figures they were closed with."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the key."""
        return f"#{self.pk}"
