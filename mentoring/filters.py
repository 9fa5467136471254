"""How lists of visits, their plans, action items and assignments are narrowed; the same on pages and in the API."""

from typing import Any

from django.db import models
from django.http import HttpRequest, QueryDict
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter

from accounts.models import User
from accounts.states import Role
from common.filters import FromDayFilter, ToDayFilter, YesNoFilter
from mentoring.models import ActionItem, Assignment, Handover, HeldVersion, Visit, VisitPlan
from mentoring.states import ActionState, HandoverState, HeldReason, HeldState, PlanState, VisitState
from programs.filters import programs
from programs.models import Cohort
from programs.states import ModuleCode
from villages.filters import SubtreeFilter, reader, villages


def cohorts(request: HttpRequest | None) -> models.QuerySet[Cohort]:
    """Offer the cohorts this user sees."""
    return Cohort.objects.visible_to(reader(request)).order_by("name", "pk") if request else Cohort.objects.none()


def mentors(request: HttpRequest | None) -> models.QuerySet[User]:
    """Offer the mentors this user sees."""
    seen: models.QuerySet[User] = User.objects.visible_to(reader(request)) if request else User.objects.none()
    return seen.filter(role=Role.MENTOR).order_by("name", "pk")


class VisitFilter(FilterSet):
    """Visits by state, place, program, mentor, module and day."""

    state = ChoiceFilter(choices=VisitState.choices, label=_("State"))
    village = ModelChoiceFilter(queryset=villages, label=_("Village"))
    program = ModelChoiceFilter(queryset=programs, label=_("Program"))
    mentor = ModelChoiceFilter(queryset=mentors, label=_("Mentor"))
    module = ChoiceFilter(field_name="modules", choices=ModuleCode.choices, label=_("Module"))
    locals()["from"] = FromDayFilter(field_name="visited_at", label=_("From"))  # a word of Python's own
    to = ToDayFilter(field_name="visited_at", label=_("Until"))

    class Meta:
        """Declared above, nothing else."""

        model = Visit
        fields: tuple[str, ...] = ()


class VisitRowFilter(VisitFilter):
    """The same, and by what only programs ask: cohort and region."""

    cohort = ModelChoiceFilter(queryset=cohorts, label=_("Cohort"))
    region = SubtreeFilter(field_name="village__region__code")


class HeldVersionFilter(FilterSet):
    """Versions that wait or waited, by state, reason, place, program and mentor."""

    state = ChoiceFilter(choices=HeldState.choices, label=_("State"))
    reason = ChoiceFilter(choices=HeldReason.choices, label=_("Why"))
    village = ModelChoiceFilter(queryset=villages, label=_("Village"))
    program = ModelChoiceFilter(queryset=programs, label=_("Program"))
    mentor = ModelChoiceFilter(field_name="sent_by", queryset=mentors, label=_("Mentor"))

    class Meta:
        """Declared above, nothing else."""

        model = HeldVersion
        fields: tuple[str, ...] = ()


class VisitPlanFilter(FilterSet):
    """Planned visits by state, place, mentor, day, and whether nobody logged them in time."""

    state = ChoiceFilter(choices=PlanState.choices, label=_("State"))
    late = YesNoFilter(method="by_late", label=_("Not logged"))
    village = ModelChoiceFilter(queryset=villages, label=_("Village"))
    mentor = ModelChoiceFilter(queryset=mentors, label=_("Mentor"))
    locals()["from"] = FromDayFilter(field_name="planned_at", label=_("From"))  # a word of Python's own
    to = ToDayFilter(field_name="planned_at", label=_("Until"))

    class Meta:
        """Declared above, nothing else."""

        model = VisitPlan
        fields: tuple[str, ...] = ()

    def by_late(self, plans: models.QuerySet[VisitPlan], _name: str, wanted: bool) -> models.QuerySet[VisitPlan]:  # noqa: FBT001  django-filter calls it so
        """Keep the plans that nobody logged in time, or the others."""
        late = VisitPlan.objects.late(now()).order_by().values("pk")
        return plans.filter(pk__in=late) if wanted else plans.exclude(pk__in=late)


class HeldByFilter(ModelChoiceFilter):
    """Rows of the villages that a mentor holds today, whoever wrote them."""

    def filter(self, rows: models.QuerySet[Any], value: User | None) -> models.QuerySet[Any]:
        """Keep them; nobody named keeps all."""
        if not value:
            return rows
        held = Assignment.objects.filter(mentor=value).current(localdate()).order_by().values("village")
        return rows.filter(village__in=held)


class ActionItemFilter(FilterSet):
    """Action items by state, village, mentor, and whether their day is set or has passed."""

    state = ChoiceFilter(choices=ActionState.choices, label=_("State"))
    village = ModelChoiceFilter(queryset=villages, label=_("Village"))
    program = ModelChoiceFilter(field_name="visit__program", queryset=programs, label=_("Program"))
    due = YesNoFilter(field_name="due_on", lookup_expr="isnull", exclude=True, label=_("Has a day"))
    overdue = YesNoFilter(method="by_overdue", label=_("Overdue"))
    mentor = HeldByFilter(queryset=mentors, field_name="visit__mentor", label=_("Mentor"))

    class Meta:
        """Declared above, nothing else."""

        model = ActionItem
        fields: tuple[str, ...] = ()

    def by_overdue(self, items: models.QuerySet[ActionItem], _name: str, wanted: bool) -> models.QuerySet[ActionItem]:  # noqa: FBT001  django-filter calls it so
        """Keep the open items whose day has passed, or the others."""
        late = ActionItem.objects.overdue(localdate()).order_by().values("pk")
        return items.filter(pk__in=late) if wanted else items.exclude(pk__in=late)


class ActionWorkFilter(ActionItemFilter):
    """The same on the page: what is open, unless another state is asked for."""

    def __init__(self, data: Any = None, *args: Any, **given: Any) -> None:
        """Begin with what is open."""
        chosen = data.copy() if data is not None else QueryDict(mutable=True)
        chosen.setdefault("state", ActionState.OPEN)
        super().__init__(chosen, *args, **given)
        del self.filters["due"]


class HandoverFilter(FilterSet):
    """Handovers by state and village."""

    state = ChoiceFilter(choices=HandoverState.choices, label=_("State"))
    village = ModelChoiceFilter(queryset=villages, label=_("Village"))

    class Meta:
        """Declared above, nothing else."""

        model = Handover
        fields: tuple[str, ...] = ()


class AssignmentFilter(FilterSet):
    """Assignments by mentor, village, and whether they still hold."""

    mentor = ModelChoiceFilter(queryset=mentors, label=_("Mentor"))
    village = ModelChoiceFilter(queryset=villages, label=_("Village"))
    open = YesNoFilter(field_name="ends_on", lookup_expr="isnull", label=_("Open"))

    class Meta:
        """Declared above, nothing else."""

        model = Assignment
        fields: tuple[str, ...] = ()
