"""What was agreed at visits."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.fields import refuse_control_characters
from mentoring.models.visit import Visit
from mentoring.querysets import ActionItemQuerySet
from mentoring.states import ActionState
from villages.models import Village


class ActionItem(models.Model):
    """What was agreed: what, who, by when."""

    id = models.UUIDField(_("id"), primary_key=True, default=uuid.uuid4, editable=False)
    village = models.ForeignKey(
        Village, on_delete=models.PROTECT, related_name="action_items", verbose_name=_("village")
    )
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="action_items", verbose_name=_("agreed at"))
    what = models.CharField(_("what"), max_length=300, validators=[refuse_control_characters])
    owner = models.CharField(_("who"), max_length=120, blank=True, validators=[refuse_control_characters])
    due_on = models.DateField(_("by when"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=ActionState.choices, default=ActionState.OPEN)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("verified by"),
    )

    objects = ActionItemQuerySet.as_manager()

    class Meta:
        """What is settled says by whom and when; what is dropped says why."""

        verbose_name = _("action item")
        verbose_name_plural = _("action items")
        constraints = [
            models.CheckConstraint(
                name="settled_action_has_a_time_and_a_hand",
                condition=Q(state=ActionState.OPEN, settled_at__isnull=True, settled_by__isnull=True)
                | (~Q(state=ActionState.OPEN) & Q(settled_at__isnull=False, settled_by__isnull=False)),
                violation_error_message=_("A settled action says who settled it and when."),
            ),
            models.CheckConstraint(
                name="dropped_action_has_a_reason",
                condition=~Q(state=ActionState.DROPPED) | ~Q(reason=""),
                violation_error_message=_("Say why it is dropped."),
            ),
        ]
        indexes = [models.Index(fields=["village", "state", "due_on", "id"], name="action_by_village")]

    def __str__(self) -> str:
        """Read as the key."""
        return str(self.pk)

    @property
    def successor_key(self) -> uuid.UUID:
        """The key of the item that this one is carried over into; it follows from its own."""
        return uuid.uuid5(self.pk, "carried over")
