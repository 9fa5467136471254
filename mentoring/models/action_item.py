"""What was agreed at visits, and what later visits said of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.fields import refuse_control_characters
from mentoring.models.visit import Visit
from mentoring.querysets import ActionItemQuerySet
from mentoring.states import SETTLED, ActionState
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
    evidence = models.CharField(
        _("what shows that it is done"), max_length=300, blank=True, validators=[refuse_control_characters]
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("verified by"),
    )
    settled_in = models.ForeignKey(
        Visit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="settled_items",
        verbose_name=_("settled at the visit"),
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
            models.CheckConstraint(
                name="only_a_done_action_has_evidence",
                condition=Q(evidence="") | Q(state=ActionState.DONE),
                violation_error_message=_("Only what is done has something that shows it."),
            ),
            models.CheckConstraint(
                name="only_a_settled_action_names_its_visit",
                condition=Q(settled_in__isnull=True) | ~Q(state=ActionState.OPEN),
                violation_error_message=_("Only a settled action says at which visit."),
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


class FollowUp(models.Model):
    """What a visit says became of an earlier action item; applied when the visit is submitted, kept as it was said."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="followed", verbose_name=_("visit"))
    item = models.UUIDField(_("action item"), help_text=_("By its key: it may be one that we never heard of."))
    outcome = models.CharField(_("what became of it"), max_length=12, choices=ActionState.choices)
    words = models.CharField(_("words"), max_length=300, blank=True, validators=[refuse_control_characters])
    due_on = models.DateField(_("new day"), null=True, blank=True)

    class Meta:
        """A visit says one thing of an item, and never that it is open."""

        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        constraints = [
            models.UniqueConstraint(
                name="visit_follows_an_item_once",
                fields=["visit", "item"],
                violation_error_message=_("This visit already says what became of this action item."),
            ),
            models.CheckConstraint(
                name="follow_up_settles",
                condition=Q(outcome__in=SETTLED),
                violation_error_message=_("An action item is done, dropped or carried over; else it just stays open."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the key."""
        return f"#{self.pk}"
