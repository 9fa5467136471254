"""What a mentor has before them: today's sessions and visits, what came back, what is still open."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import F

from accounts.models import User
from common.dates import local_date, local_moment
from common.zones import Zone
from mentoring.handover import waiting_for
from mentoring.models import ActionItem, Assignment, Handover, Visit, VisitPlan
from mentoring.states import EDITABLE
from programs.models import Cohort, Program, Session
from villages.models import Village

AHEAD = timedelta(days=7)
MOST_ITEMS = 50
NOW = timedelta(0)


@dataclass(frozen=True)
class Place:
    """A village in a program: where a mentor may log a visit."""

    village: Village
    program: Program
    last_visit: datetime | None


@dataclass(frozen=True)
class Task:
    """An open action item, and whether its day has passed."""

    item: ActionItem
    overdue: bool


@dataclass(frozen=True)
class Day:
    """A mentor's day; sessions of the coming week stand apart from today's."""

    on: date
    villages: list[Village]
    today: list[Session]
    coming: list[Session]
    visits: list[Visit]
    plans: list[VisitPlan]
    planned: list[VisitPlan]
    late: list[VisitPlan]
    unfinished: list[Visit]
    tasks: list[Task]
    handovers: list[Handover]


def day_of(mentor: User, *, at: datetime) -> Day:
    """Read a mentor's day in the same number of queries for any number of villages."""
    on = local_date(at, Zone.WIB)
    start = local_moment(on, time.min, Zone.WIB)
    villages = villages_of(mentor, at=at)
    sessions = _sessions(villages, start)
    tonight = start + timedelta(days=1)
    plans = plans_of(mentor)
    ahead = {plan.pk: local_date(plan.planned_at, plan.village.zone) - on for plan in plans}
    mine = Visit.objects.filter(mentor=mentor).select_related("village__region", "program")
    return Day(
        on=on,
        villages=villages,
        today=[session for session in sessions if session.starts_at < tonight],
        coming=[session for session in sessions if session.starts_at >= tonight],
        visits=list(mine.filter(visited_at__gte=start, visited_at__lt=tonight).order_by("visited_at", "pk")),
        plans=[plan for plan in plans if not ahead[plan.pk]],
        planned=[plan for plan in plans if ahead[plan.pk] > NOW],
        late=[plan for plan in plans if ahead[plan.pk] < NOW],
        unfinished=list(mine.filter(state__in=EDITABLE).order_by("-state", "-visited_at", "pk")[:MOST_ITEMS]),
        tasks=_tasks(mentor, villages, on),
        handovers=waiting_for(mentor),
    )


def villages_of(mentor: User, *, at: datetime) -> list[Village]:
    """List the villages that a mentor holds today, by name."""
    held = Assignment.objects.filter(mentor=mentor).current(local_date(at, Zone.WIB)).values("village")
    rows = Village.objects.filter(pk__in=held).select_related("region__parent__parent")
    return list(rows.order_by("name", "pk"))


def places_of(mentor: User, *, at: datetime) -> list[Place]:
    """List where a mentor may log a visit, the latest visited first."""
    villages = {village.pk: village for village in villages_of(mentor, at=at)}
    rows = Cohort.objects.filter(village__in=villages).select_related("program").order_by("-starts_on", "pk")
    pairs = {(cohort.village_id, cohort.program_id): cohort.program for cohort in rows}
    visits = Visit.objects.filter(mentor=mentor).order_by("visited_at").values_list("village", "program", "visited_at")
    last = {(village, program): visited_at for village, program, visited_at in visits}
    places = [Place(villages[key[0]], program, last.get(key)) for key, program in pairs.items()]
    return sorted(places, key=lambda place: place.last_visit.timestamp() if place.last_visit else 0, reverse=True)


def plans_of(mentor: User) -> list[VisitPlan]:
    """List a mentor's open plans, the earliest first; 1 query."""
    rows = VisitPlan.objects.filter(mentor=mentor).open().select_related("village__region")
    return list(rows.order_by("planned_at", "pk")[:MOST_ITEMS])


def open_of(mentor: User, village: Village, *, but: Visit | None = None) -> list[ActionItem]:
    """List what is open in a village and was not agreed at that visit, by day; 1 query."""
    rows = ActionItem.objects.visible_to(mentor).open().filter(village=village)
    others = rows.exclude(visit=but) if but else rows
    return list(others.order_by(F("due_on").asc(nulls_last=True), "pk")[:MOST_ITEMS])


def _sessions(villages: list[Village], start: datetime) -> list[Session]:
    rows = Session.objects.planned().between(start, start + AHEAD).filter(cohorts__village__in=villages)
    return list(rows.select_related("module", "venue").distinct().order_by("starts_at", "pk"))


def _tasks(mentor: User, villages: list[Village], on: date) -> list[Task]:
    rows = ActionItem.objects.visible_to(mentor).open().filter(village__in=villages).select_related("village", "visit")
    items = rows.order_by(F("due_on").asc(nulls_last=True), "pk")[:MOST_ITEMS]
    return [Task(item, overdue=item.due_on is not None and item.due_on < on) for item in items]
