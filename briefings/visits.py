"""Of planned visits: the one of tomorrow, the one that nobody logged; and of a visit log that came back."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from django.db.models import CharField, OuterRef, Subquery
from django.db.models.functions import Cast
from django.urls import reverse

from briefings.looking import (
    WITHDRAWN,
    Objection,
    Standing,
    claimed,
    day_moment,
    notice_for,
    read,
    silent,
    spoken,
)
from briefings.wishes import Scope, Telling, Wish
from common.dates import at_clock, local_date, long_date
from common.models import Event
from mentoring.models import Visit, VisitPlan
from mentoring.querysets import PATIENCE
from mentoring.states import PlanState, VisitState
from reminders.families import Claimed
from reminders.hours import out_of_quiet
from reminders.models import Message
from reminders.states import Kind, Reason

PLAN: Final = VisitPlan._meta.label_lower
VISIT: Final = Visit._meta.label_lower
AHEAD: Final = timedelta(days=2)
THE_DAY_BEFORE: Final = time(17)
IN_THE_MORNING, UNTIL_EVENING = time(8), time(20)
USEFUL: Final = timedelta(days=7)
PLANNED: Final = ("pk", "mentor", "planned_at", "village__region__zone")


def tomorrow(at: datetime, scope: Scope) -> Iterable[Wish]:
    """Wish for one reminder at 17.00 the day before; its words say tomorrow, so it is of use until that day begins."""
    soon = _of_mentors(VisitPlan.objects.open(), scope).filter(planned_at__gt=at, planned_at__lte=at + AHEAD)
    for pk, mentor, planned_at, zone in soon.values_list(*PLANNED):
        day = local_date(planned_at, zone)
        until = day_moment(day, time.min, zone)
        if at < until:
            yield Wish(
                kind=Kind.VISIT_TOMORROW,
                subject=(PLAN, str(pk), as_planned(planned_at)),
                user=mentor,
                due_at=day_moment(day, THE_DAY_BEFORE, zone, plus=-1),
                expires_at=until,
            )


def missing(at: datetime, scope: Scope) -> Iterable[Wish]:
    """Wish for one word on the fourth morning after a planned day of which nothing was logged; of use for two days."""
    late = _of_mentors(VisitPlan.objects.late(at), scope).filter(planned_at__gt=at - PATIENCE - USEFUL)
    for pk, mentor, planned_at, zone in late.values_list(*PLANNED):
        day, after = local_date(planned_at, zone), PATIENCE.days + 1
        until = day_moment(day, UNTIL_EVENING, zone, plus=after + 1)
        if at < until:
            yield Wish(
                kind=Kind.VISIT_MISSING,
                subject=(PLAN, str(pk), as_planned(planned_at)),
                user=mentor,
                due_at=day_moment(day, IN_THE_MORNING, zone, plus=after),
                expires_at=until,
            )


def returned(at: datetime, scope: Scope) -> Iterable[Wish]:
    """Wish for one word at once, outside the night, for each time a log comes back; of use for a week."""
    told = Event.objects.filter(subject_type=VISIT, verb="returned", subject_id=Cast(OuterRef("pk"), CharField()))
    back = _of_mentors(Visit.objects.filter(state=VisitState.RETURNED), scope)
    back = back.annotate(returned_at=Subquery(told.order_by("-pk").values("at")[:1]))
    back = back.filter(returned_at__gt=at - USEFUL)
    columns = ("pk", "mentor", "version", "returned_at", "village__region__zone")
    for row in back.values_list(*columns):
        pk, mentor, version, returned_at, zone = row
        yield Wish(
            kind=Kind.VISIT_RETURNED,
            subject=(VISIT, str(pk), str(version)),
            user=mentor,
            due_at=out_of_quiet(returned_at, zone),
            expires_at=returned_at + USEFUL,
        )


def _of_mentors(rows: Any, scope: Scope) -> Any:
    return rows.filter(mentor__is_active=True, **scope.terms(key="pk", user="mentor")).order_by("pk")


def as_planned(planned_at: datetime) -> str:
    """Name a plan as it stands: by its time, so that a plan that moves back is the same again."""
    return planned_at.astimezone(UTC).isoformat(timespec="seconds")


def looks_at_plans(ids: Sequence[int], at: datetime) -> list[Claimed]:  # noqa: ARG001  asked at a moment
    """Read messages about planned visits; 3 queries."""
    messages = read(ids)
    plans = VisitPlan.objects.select_related("village__region").in_bulk({message.subject_id for message in messages})
    known = {str(pk): plan for pk, plan in plans.items()}
    standing = Standing(messages)
    return [_look_at_plan(message, known[message.subject_id], standing) for message in messages]


def _look_at_plan(message: Message, plan: VisitPlan, standing: Standing) -> Claimed:
    zone = plan.village.zone
    objection = standing.objection(message) or _plan_objection(message, plan)
    if message.user is None:
        return silent(message, objection, zone=zone)
    with spoken(message.user):
        moment = {"day": long_date(local_date(plan.planned_at, zone)), "time": at_clock(plan.planned_at, zone)}
        path = reverse("visit-plan-detail", args=[plan.pk])
        notice = notice_for(message.user, message.kind, path, {"village": plan.village.name, **moment})
    return claimed(message, zone=zone, objection=objection, notice=notice)


def _plan_objection(message: Message, plan: VisitPlan) -> Objection:
    if plan.state != PlanState.PLANNED or str(plan.mentor_id) != str(message.user_id):
        return WITHDRAWN, Reason.DONE
    return None if message.subject_revision == as_planned(plan.planned_at) else (WITHDRAWN, Reason.CHANGED)


def looks_at_visits(ids: Sequence[int], at: datetime) -> list[Claimed]:  # noqa: ARG001  asked at a moment
    """Read messages about visit logs; 3 queries."""
    messages = read(ids)
    visits = Visit.objects.select_related("village__region").in_bulk({message.subject_id for message in messages})
    known = {str(pk): visit for pk, visit in visits.items()}
    standing = Standing(messages)
    return [_look_at_visit(message, known[message.subject_id], standing) for message in messages]


def _look_at_visit(message: Message, visit: Visit, standing: Standing) -> Claimed:
    """Say that it came back and where to open it; what the coordinator wrote stays on the page."""
    zone = visit.village.zone
    stands = visit.state == VisitState.RETURNED and message.subject_revision == str(visit.version)
    objection = standing.objection(message) or (None if stands else (WITHDRAWN, Reason.DONE))
    if message.user is None:
        return silent(message, objection, zone=zone)
    with spoken(message.user):
        values = {"village": visit.village.name, "day": long_date(local_date(visit.visited_at, zone))}
        notice = notice_for(message.user, message.kind, reverse("visit-detail", args=[visit.pk]), values)
    return claimed(message, zone=zone, objection=objection, notice=notice)


TELLINGS = (
    Telling(Kind.VISIT_TOMORROW, PLAN, tomorrow),
    Telling(Kind.VISIT_MISSING, PLAN, missing),
    Telling(Kind.VISIT_RETURNED, VISIT, returned),
)
