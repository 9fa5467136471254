"""What a person at the desk has before them: today and tomorrow, what needs a hand, how far the villages are."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from accounts.models import User
from common.dates import local_date, local_moment
from common.zones import Zone
from mentoring.rules import Can as CanMentor
from programs.models import Cohort, Program, Session
from programs.rules import Can as CanProgram
from progress.morning import Line, morning_of
from progress.summary import VillageProgress, cohorts_progress, grouped


@dataclass(frozen=True)
class Desk:
    """A desk on one day; `attends` is False for who only reads, and nothing waits for them."""

    on: date
    attends: bool
    today: list[Session]
    tomorrow: list[Session]
    waiting: list[Line]
    programs: list[tuple[Program, list[VillageProgress]]]


def desk_of(user: User, *, at: datetime) -> Desk:
    """Read the desk of one user in the same number of queries for any number of villages."""
    on = local_date(at, Zone.WIB)
    start, middle, end = (local_moment(on + timedelta(days=days), time.min, Zone.WIB) for days in (0, 1, 2))
    rows = Session.objects.visible_to(user).planned().between(start, end).select_related("module", "venue")
    sessions = list(rows.prefetch_related("cohorts__village").order_by("starts_at", "pk"))
    attends = user.has_perm(CanProgram.PLAN_SESSION) and user.has_perm(CanMentor.APPROVE_VISIT)
    return Desk(
        on=on,
        attends=attends,
        today=[session for session in sessions if session.starts_at < middle],
        tomorrow=[session for session in sessions if session.starts_at >= middle],
        waiting=morning_of(user, at=at) if attends else [],
        programs=running_progress(user, at=at),
    )


def running_progress(user: User, *, at: datetime) -> list[tuple[Program, list[VillageProgress]]]:
    """Read the running programs of this user, village by village, the latest program first."""
    day = local_date(at, Zone.WIB)
    running = Cohort.objects.visible_to(user).filter(program__starts_on__lte=day, program__ends_on__gte=day)
    return grouped(cohorts_progress(running, at=at))
