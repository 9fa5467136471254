"""Versions of visits that wait for a person."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.fields import refuse_control_characters
from mentoring.models.visit import Visit
from mentoring.querysets import HeldVersionQuerySet
from mentoring.states import HeldReason, HeldState
from programs.models import Program
from villages.models import Village


class HeldVersion(models.Model):
    """What a phone sent and nobody may simply store or throw away; kept whole until a person decides."""

    key = models.UUIDField(_("key"), editable=False, help_text=_("Chosen on the phone; of the visit as it was sent."))
    visit = models.ForeignKey(
        Visit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="held_versions",
        verbose_name=_("visit it stands beside"),
    )
    village = models.ForeignKey(
        Village, on_delete=models.PROTECT, related_name="held_versions", verbose_name=_("village")
    )
    program = models.ForeignKey(
        Program, on_delete=models.PROTECT, related_name="held_versions", verbose_name=_("program")
    )
    content = models.JSONField(_("content as sent"))
    digest = models.CharField(_("digest"), max_length=64, editable=False)
    reason = models.CharField(_("reason"), max_length=16, choices=HeldReason.choices)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="held_versions", verbose_name=_("sent by")
    )
    received_at = models.DateTimeField(_("received at"))
    skew = models.BigIntegerField(
        _("clock of the phone"), null=True, blank=True, help_text=_("Seconds ahead of the server's; none: not known.")
    )
    state = models.CharField(_("state"), max_length=10, choices=HeldState.choices, default=HeldState.WAITING)
    comment = models.CharField(
        _("comment"),
        max_length=600,
        blank=True,
        validators=[refuse_control_characters],
        help_text=_("Told the mentor."),
    )
    became = models.ForeignKey(
        Visit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="taken_versions",
        verbose_name=_("visit it became"),
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("settled by"),
    )

    objects = HeldVersionQuerySet.as_manager()

    class Meta:
        """The same is kept once; what is settled says by whom, when, and what became of it."""

        verbose_name = _("version that waits")
        verbose_name_plural = _("versions that wait")
        constraints = [
            models.UniqueConstraint(
                name="version_is_held_once",
                fields=["key", "digest", "sent_by"],
                violation_error_message=_("This version is already kept for review."),
            ),
            models.CheckConstraint(
                name="settled_version_has_a_time_and_a_hand",
                condition=Q(state=HeldState.WAITING, settled_at__isnull=True, settled_by__isnull=True)
                | (~Q(state=HeldState.WAITING) & Q(settled_at__isnull=False, settled_by__isnull=False)),
                violation_error_message=_("A decision says who made it and when."),
            ),
            models.CheckConstraint(
                name="taken_version_became_a_visit",
                condition=Q(state=HeldState.TAKEN, became__isnull=False)
                | (~Q(state=HeldState.TAKEN) & Q(became__isnull=True)),
                violation_error_message=_("What is taken becomes a visit, and nothing else does."),
            ),
            models.CheckConstraint(
                name="dismissed_version_has_a_comment",
                condition=~Q(state=HeldState.DISMISSED) | ~Q(comment=""),
                violation_error_message=_("Say why it is not taken; the mentor reads it."),
            ),
            models.CheckConstraint(
                name="other_version_stands_beside_a_visit",
                condition=~Q(reason=HeldReason.OTHER_VERSION) | Q(visit__isnull=False),
                violation_error_message=_("Another version stands beside a visit."),
            ),
            models.CheckConstraint(
                name="held_state_is_known",
                condition=Q(state__in=HeldState.values),
                violation_error_message=_("This state is not known."),
            ),
            models.CheckConstraint(
                name="held_reason_is_known",
                condition=Q(reason__in=HeldReason.values),
                violation_error_message=_("This reason is not known."),
            ),
        ]
        indexes = [
            models.Index(fields=["-received_at", "-id"], name="held_by_time"),
            models.Index(fields=["program", "state", "-received_at", "-id"], name="held_by_program"),
            models.Index(fields=["sent_by", "state", "-received_at", "-id"], name="held_by_sender"),
        ]

    def __str__(self) -> str:
        """Read as the number."""
        return f"#{self.pk}"

    @property
    def visited_at(self) -> datetime:
        """When it was, by the phone's clock."""
        return datetime.fromisoformat(self.content["visited_at"])

    @property
    def own_key(self) -> uuid.UUID:
        """The key of the visit it becomes where its own is taken; it follows from key, content and sender."""
        return uuid.uuid5(self.key, f"{self.digest}:{self.sent_by_id}")
