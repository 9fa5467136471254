"""A village passes from one mentor to the next, signed by both."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.fields import refuse_control_characters
from mentoring.models.assignment import Assignment
from mentoring.querysets import HandoverQuerySet
from mentoring.states import HandoverState, Side
from villages.models import Village

LONGEST_WORKS = 4000


class Handover(models.Model):
    """Who gives a village to whom, from when, with what works there in the giver's words."""

    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="handovers", verbose_name=_("village"))
    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="handovers_given", verbose_name=_("giver")
    )
    taker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="handovers_taken", verbose_name=_("taker")
    )
    last_on = models.DateField(_("last day of the giver"))
    first_on = models.DateField(_("first day of the taker"))
    letter = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="+", verbose_name=_("assignment that ends")
    )
    new_letter = models.ForeignKey(
        Assignment,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("assignment that begins"),
        help_text=_("None when the taker held the village already, or the handover was called off."),
    )
    works = models.TextField(
        _("what works in this village"), max_length=LONGEST_WORKS, blank=True, validators=[refuse_control_characters]
    )
    version = models.PositiveIntegerField(_("version of the text"), default=1)
    state = models.CharField(_("state"), max_length=10, choices=HandoverState.choices, default=HandoverState.PREPARED)
    reason = models.CharField(_("reason"), max_length=300, blank=True, validators=[refuse_control_characters])
    prepared_at = models.DateTimeField(_("prepared at"))
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("prepared by")
    )
    written_at = models.DateTimeField(_("text written at"))
    signed_at = models.DateTimeField(_("signed by both at"), null=True, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        """Between two mentors; one at a time for a village and its giver."""

        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        constraints = [
            models.CheckConstraint(
                name="handover_is_between_two",
                condition=~Q(giver=F("taker")),
                violation_error_message=_("A village is handed over to another mentor."),
            ),
            models.CheckConstraint(
                name="handover_state_is_known",
                condition=Q(state__in=HandoverState.values),
                violation_error_message=_("This state is not known."),
            ),
            models.CheckConstraint(
                name="cancelled_handover_has_a_reason",
                condition=~Q(state=HandoverState.CANCELLED) | ~Q(reason=""),
                violation_error_message=_("Say why the handover is called off."),
            ),
            models.CheckConstraint(
                name="signed_handover_has_a_time",
                condition=Q(state=HandoverState.SIGNED, signed_at__isnull=False)
                | (~Q(state=HandoverState.SIGNED) & Q(signed_at__isnull=True)),
                violation_error_message=_("A signed handover says when it was signed."),
            ),
            models.UniqueConstraint(
                name="one_open_handover_per_village_and_giver",
                fields=["village", "giver"],
                condition=Q(state=HandoverState.PREPARED),
                violation_error_message=_("A handover of this village by this mentor waits to be signed already."),
            ),
        ]
        indexes = [
            models.Index(fields=["-prepared_at", "-id"], name="handover_by_time"),
            models.Index(fields=["village", "-prepared_at", "-id"], name="handover_by_village"),
        ]

    def __str__(self) -> str:
        """Read as the key."""
        return f"#{self.pk}"


class Signature(models.Model):
    """One hand under one version of a handover's text."""

    handover = models.ForeignKey(
        Handover, on_delete=models.PROTECT, related_name="signatures", verbose_name=_("handover")
    )
    side = models.CharField(_("side"), max_length=5, choices=Side.choices)
    version = models.PositiveIntegerField(_("version of the text"))
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("signed by")
    )
    signed_at = models.DateTimeField(_("signed at"))
    reason = models.CharField(
        _("why in somebody's place"), max_length=300, blank=True, validators=[refuse_control_characters]
    )

    class Meta:
        """Each side signs a version once."""

        verbose_name = _("signature of a handover")
        verbose_name_plural = _("signatures of handovers")
        constraints = [
            models.UniqueConstraint(
                name="side_signs_a_version_once",
                fields=["handover", "side", "version"],
                violation_error_message=_("This is already signed."),
            ),
            models.CheckConstraint(
                name="signature_side_is_known",
                condition=Q(side__in=Side.values),
                violation_error_message=_("A handover is signed by who gives and by who takes."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the key."""
        return f"#{self.pk}"
