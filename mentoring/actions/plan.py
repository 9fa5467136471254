"""Planning visits: when a mentor means to come, and the visit that keeps the word."""

from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from common.dates import local_date, local_moment
from common.errors import Refused, RowMoved
from common.events import record
from common.models import Event
from mentoring.models import Assignment, Visit, VisitPlan
from mentoring.querysets import PATIENCE
from mentoring.states import PLAN_MOVES, PlanState
from villages.models import Village

FARTHEST = timedelta(days=366)
ONE_DAY = timedelta(days=1)


@transaction.atomic
def plan_visit(
    *, mentor: User, village: Village, planned_at: datetime, by: User, at: datetime, purpose: str = ""
) -> VisitPlan:
    """Plan a visit that lies ahead; the same visit planned twice is refused by the database."""
    _check_moment(planned_at, at=at)
    _check_assigned(mentor.pk, village, planned_at)
    plan = VisitPlan(mentor=mentor, village=village, planned_at=planned_at, purpose=purpose.strip())
    plan.clean_fields()
    plan.save(force_insert=True)
    record(plan, verb="planned", by=by, at=at, village=village.pk, planned_at=planned_at.isoformat())
    return plan


@transaction.atomic
def move_visit(
    plan: VisitPlan,
    *,
    planned_at: datetime,
    by: User,
    at: datetime,
    purpose: str | None = None,
    version: int | None = None,
) -> None:
    """Give an open plan another time, or another purpose; what stays the same is no move. `version` was read."""
    purpose = plan.purpose if purpose is None else purpose.strip()
    was = plan.planned_at
    if plan.state != PlanState.PLANNED:
        raise Refused(_("Only a visit that is still planned can be moved."))
    if (was, plan.purpose) == (planned_at, purpose):
        return
    if planned_at != was:
        _check_moment(planned_at, at=at)
        _check_assigned(plan.mentor_id, plan.village, planned_at)
    _write(plan, PlanState.PLANNED, version, planned_at=planned_at, purpose=purpose)
    moved = {"was": was.isoformat(), "planned_at": planned_at.isoformat()} if planned_at != was else {}
    record(plan, verb="moved" if moved else "changed", by=by, at=at, **moved)


@transaction.atomic
def cancel_visit_plan(plan: VisitPlan, *, reason: str, by: User, at: datetime, version: int | None = None) -> None:
    """Call the visit off, and say why."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the visit is called off.")}, code="reason")
    PLAN_MOVES.check(plan.state, PlanState.CANCELLED)
    _write(plan, PlanState.CANCELLED, version, reason=reason.strip())
    record(plan, verb="cancelled", by=by, at=at, origin=PlanState.PLANNED, goal=plan.state)


def hand_over_plans(
    giver: int, taker: User, village: Village, *, after: date, by: User, at: datetime, handover: int
) -> None:
    """Pass what was planned beyond that day to who comes; what they cannot or need not keep stays to be called off."""
    first = local_moment(after + ONE_DAY, time.min, village.zone)
    later = VisitPlan.objects.open().filter(mentor=giver, village=village, planned_at__gte=first)
    for plan in later.order_by("pk"):
        if _is_assigned(taker.pk, village, plan.planned_at) and not _is_planned(taker.pk, plan):
            _give(plan, taker.pk, by=by, at=at, handover=handover)


def take_back_plans(giver: int, *, by: User, at: datetime, handover: int) -> None:
    """Give the plans that passed on with a handover back to who made them."""
    passed = Event.objects.filter(subject_type=VisitPlan._meta.label_lower, verb="handed_over")
    keys = passed.filter(facts__handover=handover).values_list("subject_id", flat=True)
    for plan in VisitPlan.objects.open().filter(pk__in=list(keys)).exclude(mentor=giver).order_by("pk"):
        if not _is_planned(giver, plan):
            _give(plan, giver, by=by, at=at, handover=handover)


def _give(plan: VisitPlan, mentor: int, *, by: User, at: datetime, handover: int) -> None:
    _write(plan, PlanState.PLANNED, None, mentor=mentor)
    record(plan, verb="handed_over", by=by, at=at, handover=handover, mentor=mentor)


def _is_planned(mentor: int, plan: VisitPlan) -> bool:
    """Tell whether this mentor has the same visit in their own plan."""
    same = VisitPlan.objects.filter(mentor=mentor, village=plan.village_id, planned_at=plan.planned_at)
    return same.exclude(state=PlanState.CANCELLED).exists()


def release_plans(mentor: int, village: Village, *, by: User, at: datetime) -> None:
    """Call off what a mentor planned for days on which the village is no longer theirs."""
    for plan in VisitPlan.objects.open().filter(mentor=mentor, village=village, planned_at__gt=at).order_by("pk"):
        if not _is_assigned(mentor, village, plan.planned_at):
            cancel_visit_plan(plan, reason=_("The assignment ends before that day."), by=by, at=at)


def fulfil_plan(visit: Visit, *, by: User, at: datetime) -> None:
    """Let a visit stand for the oldest open plan it fits; a plan it no longer fits is open again.

    It fits on the planned day and up to three days later; a correction stands for nothing new.
    """
    if visit.corrects_id is not None:
        return
    fits = _fitting(visit)
    held = VisitPlan.objects.filter(visit=visit).first()
    if held is not None:
        if VisitPlan.objects.filter(fits, pk=held.pk).exists():
            return
        VisitPlan.objects.move(held, PlanState.PLANNED, visit=None)
        record(held, verb="reopened", by=by, at=at, origin=PlanState.VISITED, goal=held.state, visit=str(visit.pk))
    fitting = VisitPlan.objects.open().filter(fits).select_for_update(skip_locked=True)
    plan = fitting.order_by("planned_at", "pk").first()
    if plan is not None:
        VisitPlan.objects.move(plan, PlanState.VISITED, visit=visit)
        record(plan, verb="visited", by=by, at=at, origin=PlanState.PLANNED, goal=plan.state, visit=str(visit.pk))


def _fitting(visit: Visit) -> Q:
    zone = visit.village.zone
    day = local_date(visit.visited_at, zone)
    first, end = (local_moment(each, time.min, zone) for each in (day - PATIENCE, day + ONE_DAY))
    return Q(mentor=visit.mentor_id, village=visit.village_id, planned_at__gte=first, planned_at__lt=end)


def _check_moment(planned_at: datetime, *, at: datetime) -> None:
    if planned_at <= at:
        raise ValidationError(
            {"planned_at": _("A plan lies ahead. What has happened already is logged as a visit.")}, code="past"
        )
    if planned_at > at + FARTHEST:
        raise ValidationError({"planned_at": _("Plan at most one year ahead.")}, code="far")


def _check_assigned(mentor: int, village: Village, planned_at: datetime) -> None:
    if not _is_assigned(mentor, village, planned_at):
        raise ValidationError(
            {"village": _("This mentor is not assigned to this village on that day.")}, code="village"
        )


def _is_assigned(mentor: int, village: Village, planned_at: datetime) -> bool:
    letters = Assignment.objects.filter(mentor=mentor, village=village, mentor__is_active=True)
    return letters.current(local_date(planned_at, village.zone)).exists()


def _write(plan: VisitPlan, goal: PlanState, version: int | None, **columns: object) -> None:
    """Write what is planned as the version that was read, or tell the slower hand."""
    seen = plan.version if version is None else version
    rows = VisitPlan.objects.filter(pk=plan.pk, state=PlanState.PLANNED, version=seen)
    if not rows.update(state=goal, version=seen + 1, **columns):
        raise RowMoved(plan)
    plan.refresh_from_db(fields=["state", "version", *columns])
