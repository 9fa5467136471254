"""Planned visits: when a mentor means to come, and what became of it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.states import Role
from api.base import ScopedViewSet
from api.fields import Moment, Named, ScopedNamedField, ScopedRelatedField, Words
from api.shapes import Output, Reason
from api.visits import IF_MATCH, version_of
from mentoring.actions import cancel_visit_plan, move_visit, plan_visit
from mentoring.filters import VisitPlanFilter
from mentoring.models import VisitPlan
from mentoring.rules import Can
from villages.models import Village


class VisitPlanOut(Output[VisitPlan]):
    """A planned visit; late when nothing was logged for more than three days after its day."""

    mentor = Named()
    late = serializers.BooleanField(read_only=True)

    class Meta:
        model = VisitPlan
        fields = ["id", "mentor", "village", "planned_at", "purpose", "state", "late", "version", "visit", "reason"]


class VisitPlanIn(serializers.Serializer[Any]):
    """A visit that lies ahead; a mentor plans their own and need not name themself."""

    mentor = ScopedNamedField(User, required=False)
    village = ScopedRelatedField(Village)
    planned_at = Moment()
    purpose = Words(max_length=200, required=False, allow_blank=True)


class VisitPlanChange(serializers.Serializer[Any]):
    """Another time, another purpose."""

    planned_at = Moment(required=False)
    purpose = Words(max_length=200, required=False, allow_blank=True)


class VisitPlanViewSet(ScopedViewSet[VisitPlan]):
    """Planned visits; a visit that is submitted for the day, or up to three days later, fulfils its plan by itself."""

    model = VisitPlan
    serializer_class = VisitPlanOut
    filterset_class = VisitPlanFilter
    abilities = dict.fromkeys(("list", "retrieve"), Can.READ_PLAN) | dict.fromkeys(
        ("create", "partial_update", "cancel"), Can.PLAN_VISIT
    )
    orderings = ("planned_at",)

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read the mentor along, and whether it is late."""
        marked: models.QuerySet[Any] = rows.marked(now()).select_related("mentor", "village__region")  # type: ignore[attr-defined]
        return marked

    @extend_schema(request=VisitPlanIn, responses={201: VisitPlanOut})
    def create(self, _request: Request) -> Response:
        """Plan a visit."""
        given = self.heard(VisitPlanIn)
        mentor = self.user if self.user.role == Role.MENTOR else given.get("mentor")
        if mentor is None:
            raise ValidationError({"mentor": _("Say which mentor will go.")}, code="mentor")
        plan = plan_visit(**{**given, "mentor": mentor}, by=self.user, at=now())
        return self.shown(plan, status=status.HTTP_201_CREATED)

    @extend_schema(request=VisitPlanChange, parameters=[IF_MATCH])
    def partial_update(self, request: Request, pk: str) -> Response:  # noqa: ARG002  read from the address by get_object
        """Move it, or change what it is for."""
        plan, given = self.get_object(), self.heard(VisitPlanChange)
        goal = {"planned_at": plan.planned_at, **given}
        move_visit(plan, **goal, by=self.user, at=now(), version=version_of(request))
        return self.shown(plan)

    @extend_schema(request=Reason, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:  # noqa: ARG002
        """Call it off, and say why."""
        plan = self.get_object()
        cancel_visit_plan(plan, **self.heard(Reason), by=self.user, at=now(), version=version_of(request))
        return self.shown(plan)
