"""What a person at the desk has before them: today and tomorrow, what needs a hand, how far the villages are."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from accounts.models import User
from common.dates import local_date, local_moment
from common.zones import Zone
from mentoring.models import ActionItem, Assignment, Visit
from mentoring.rules import Can as CanMentor
from programs.models import Cohort, Program, Session
from programs.rules import Can as CanProgram
from programs.states import SessionState
from progress.summary import VillageProgress, cohorts_progress, grouped
from villages.models import Village

SHOWN = 5


@dataclass(frozen=True)
class Attention:
    """What waits for a hand; each list is cut, each count is whole."""

    unmarked: list[Session]
    unmarked_count: int
    visits: list[Visit]
    visits_count: int
    overdue: list[ActionItem]
    overdue_count: int
    unmentored: list[Village]

    @property
    def any(self) -> bool:
        """Tell whether anything waits."""
        return bool(self.unmarked_count or self.visits_count or self.overdue_count or self.unmentored)


@dataclass(frozen=True)
class Desk:
    """A desk on one day; `attention` is None for who only reads."""

    on: date
    today: list[Session]
    tomorrow: list[Session]
    attention: Attention | None
    programs: list[tuple[Program, list[VillageProgress]]]


def desk_of(user: User, *, at: datetime) -> Desk:
    """Read the desk of one user in the same number of queries for any number of villages."""
    on = local_date(at, Zone.WIB)
    start, middle, end = (local_moment(on + timedelta(days=days), time.min, Zone.WIB) for days in (0, 1, 2))
    rows = Session.objects.visible_to(user).planned().between(start, end).select_related("module", "venue")
    sessions = list(rows.prefetch_related("cohorts__village").order_by("starts_at", "pk"))
    decides = user.has_perm(CanProgram.PLAN_SESSION) and user.has_perm(CanMentor.APPROVE_VISIT)
    return Desk(
        on=on,
        today=[session for session in sessions if session.starts_at < middle],
        tomorrow=[session for session in sessions if session.starts_at >= middle],
        attention=attention_of(user, at=at) if decides else None,
        programs=running_progress(user, at=at),
    )


def attention_of(user: User, *, at: datetime) -> Attention:
    """Read what waits for this coordinator."""
    unmarked = Session.objects.visible_to(user).filter(state=SessionState.SCHEDULED, ends_at__lte=at)
    visits = Visit.objects.visible_to(user).pending()
    overdue = ActionItem.objects.visible_to(user).overdue(local_date(at, Zone.WIB))
    return Attention(
        unmarked=list(unmarked.select_related("module", "venue").order_by("ends_at", "pk")[:SHOWN]),
        unmarked_count=unmarked.count(),
        visits=list(visits.select_related("village__region", "mentor").order_by("submitted_at", "pk")[:SHOWN]),
        visits_count=visits.count(),
        overdue=list(overdue.select_related("village").order_by("due_on", "pk")[:SHOWN]),
        overdue_count=overdue.count(),
        unmentored=_unmentored(user, local_date(at, Zone.WIB)),
    )


def running_progress(user: User, *, at: datetime) -> list[tuple[Program, list[VillageProgress]]]:
    """Read the running programs of this user, village by village, the latest program first."""
    day = local_date(at, Zone.WIB)
    running = Cohort.objects.visible_to(user).filter(program__starts_on__lte=day, program__ends_on__gte=day)
    return grouped(cohorts_progress(running, at=at))


def _unmentored(user: User, day: date) -> list[Village]:
    """Find villages with a running cohort that nobody mentors today."""
    running = Village.objects.visible_to(user).filter(cohorts__starts_on__lte=day, cohorts__ends_on__gte=day)
    mentored = Assignment.objects.current(day).values("village")
    return list(running.exclude(pk__in=mentored).distinct().order_by("name", "pk")[:SHOWN])
