"""When mentors mean to come."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.fields import refuse_control_characters
from mentoring.models.visit import Visit
from mentoring.querysets import VisitPlanQuerySet
from mentoring.states import PlanState
from villages.models import Village


class VisitPlan(models.Model):
    """When a mentor means to visit a village, and why; moving it keeps the row, its events are the history."""

    id = models.UUIDField(_("id"), primary_key=True, default=uuid.uuid4, editable=False)
    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="visit_plans", verbose_name=_("mentor")
    )
    village = models.ForeignKey(
        Village, on_delete=models.PROTECT, related_name="visit_plans", verbose_name=_("village")
    )
    planned_at = models.DateTimeField(_("planned for"))
    purpose = models.CharField(_("purpose"), max_length=200, blank=True, validators=[refuse_control_characters])
    state = models.CharField(_("state"), max_length=10, choices=PlanState.choices, default=PlanState.PLANNED)
    version = models.PositiveIntegerField(_("version"), default=1)
    visit = models.ForeignKey(
        Visit, on_delete=models.PROTECT, null=True, blank=True, related_name="plans", verbose_name=_("visit")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True, validators=[refuse_control_characters])

    objects = VisitPlanQuerySet.as_manager()

    class Meta:
        """What is visited names its visit, what is cancelled says why; the same is planned once."""

        verbose_name = _("planned visit")
        verbose_name_plural = _("planned visits")
        constraints = [
            models.CheckConstraint(
                name="visited_plan_names_its_visit",
                condition=Q(state=PlanState.VISITED, visit__isnull=False)
                | (~Q(state=PlanState.VISITED) & Q(visit__isnull=True)),
                violation_error_message=_("A plan is visited by a visit, and by nothing else."),
            ),
            models.CheckConstraint(
                name="cancelled_plan_has_a_reason",
                condition=~Q(state=PlanState.CANCELLED) | ~Q(reason=""),
                violation_error_message=_("Say why the visit is called off."),
            ),
            models.CheckConstraint(
                name="plan_state_is_known",
                condition=Q(state__in=PlanState.values),
                violation_error_message=_("This state is not known."),
            ),
            models.UniqueConstraint(
                name="visit_fulfils_one_plan",
                fields=["visit"],
                violation_error_message=_("This visit already stands for another plan."),
            ),
            models.UniqueConstraint(
                name="visit_is_planned_once",
                fields=["mentor", "village", "planned_at"],
                condition=~Q(state=PlanState.CANCELLED),
                violation_error_message=_("This visit is already planned."),
            ),
        ]
        indexes = [
            models.Index(fields=["-planned_at", "-id"], name="plan_by_time"),
            models.Index(fields=["mentor", "state", "planned_at"], name="plan_by_mentor"),
            models.Index(fields=["village", "state", "planned_at"], name="plan_by_village"),
        ]

    def __str__(self) -> str:
        """Read as the key."""
        return str(self.pk)
