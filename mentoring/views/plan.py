"""Pages of planned visits."""

from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from common.dates import local_date
from common.pages import FormPage, ListPage, Page
from common.zones import tz
from mentoring.actions import cancel_visit_plan, move_visit, plan_visit
from mentoring.filters import VisitPlanFilter
from mentoring.forms import PlanCancelForm, PlanForm, PlanMoveForm
from mentoring.models import VisitPlan
from mentoring.rules import Can
from mentoring.states import PlanState


class VisitPlanList(ListPage[VisitPlan]):
    """Planned visits, the farthest ahead first."""

    ability = Can.READ_PLAN
    model = VisitPlan
    template = "mentoring/visit_plan_list.html"
    filterset_class = VisitPlanFilter
    order = ("-planned_at", "-pk")

    def rows(self) -> models.QuerySet[VisitPlan]:
        """Read along what a line shows."""
        return super().rows().marked(now()).select_related("village__region", "mentor")  # type: ignore[attr-defined, no-any-return]

    def context(self) -> dict[str, object]:
        """Tell whether anything is filtered."""
        return {"active": any(value for name, value in self.request.GET.items() if name != "cursor")}


class VisitPlanPage(Page[VisitPlan]):
    """What pages of one planned visit share."""

    model = VisitPlan

    def rows(self) -> models.QuerySet[VisitPlan]:
        """Read along who, where and which visit."""
        read = ("village__region__parent__parent", "mentor", "visit")
        return super().rows().marked(now()).select_related(*read)  # type: ignore[attr-defined, no-any-return]

    def back(self, plan: VisitPlan, sentence: str) -> HttpResponseRedirect:
        """Say what was done and return to the plan."""
        messages.success(self.request, sentence)
        return redirect("visit-plan-detail", pk=plan.pk)


class VisitPlanDetail(VisitPlanPage):
    """One planned visit: when, why, what became of it."""

    ability = Can.READ_PLAN
    template = "mentoring/visit_plan_detail.html"

    def get(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Show the plan with its history."""
        plan = self.row()
        opened = plan.state == PlanState.PLANNED
        return self.show(
            plan=plan,
            movable=opened and self.reader.has_perm(Can.PLAN_VISIT, plan),
            logs=opened and self.reader.has_perm(Can.LOG_VISIT),
        )


class VisitPlanNew(FormPage[VisitPlan], VisitPlanPage):
    """Plan a visit."""

    ability = Can.PLAN_VISIT
    template = "mentoring/visit_plan_form.html"
    form_class = PlanForm

    def form_arguments(self) -> dict[str, Any]:
        """Offer the villages that mentors hold now."""
        return {"reader": self.reader, "at": now(), "village": self.request.GET.get("village", "")}

    def act(self, form: Any) -> HttpResponse:
        """Plan it."""
        letter = form.cleaned_data["letter"]
        plan = plan_visit(
            mentor=letter.mentor,
            village=letter.village,
            planned_at=form.planned_at(letter.village.zone),
            purpose=form.cleaned_data["purpose"],
            by=self.reader,
            at=now(),
        )
        return self.back(plan, _("The visit is planned."))


class VisitPlanMove(FormPage[VisitPlan], VisitPlanPage):
    """Give a planned visit another time."""

    ability = Can.PLAN_VISIT
    template = "mentoring/visit_plan_form.html"
    form_class = PlanMoveForm

    def form_arguments(self) -> dict[str, Any]:
        """Start from what is planned."""
        plan = self.row()
        zone = plan.village.zone
        clock = plan.planned_at.astimezone(tz(zone)).time()
        day = local_date(plan.planned_at, zone)
        return {"initial": {"day": day, "clock": clock, "purpose": plan.purpose, "version": plan.version}}

    def context(self) -> dict[str, object]:
        """Name the plan."""
        return {"plan": self.row()}

    def act(self, form: Any) -> HttpResponse:
        """Move it; pressing twice moves once."""
        plan, given = self.row(), form.cleaned_data
        goal = form.planned_at(plan.village.zone)
        move_visit(plan, planned_at=goal, purpose=given["purpose"], version=given["version"], by=self.reader, at=now())
        return self.back(plan, _("The planned visit is changed."))


class VisitPlanCancel(FormPage[VisitPlan], VisitPlanPage):
    """Call a planned visit off."""

    ability = Can.PLAN_VISIT
    template = "mentoring/visit_plan_cancel.html"
    form_class = PlanCancelForm

    def form_arguments(self) -> dict[str, Any]:
        """Name the version that is read."""
        return {"initial": {"version": self.row().version}}

    def context(self) -> dict[str, object]:
        """Name the plan."""
        return {"plan": self.row()}

    def act(self, form: Any) -> HttpResponse:
        """Call it off; pressing twice does it once."""
        plan, given = self.row(), form.cleaned_data
        if plan.state != PlanState.CANCELLED:
            cancel_visit_plan(plan, reason=given["reason"], version=given["version"], by=self.reader, at=now())
        return self.back(plan, _("The planned visit is called off."))
