"""Who keeps away: people who were absent several times in a row and about whom nobody has done anything yet."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import models
from django.db.models import Count, Exists, OuterRef, Subquery, Window
from django.db.models.functions import Coalesce

from accounts.models import User
from attendance.models import AbsenceNote
from programs.models import Attendance, Enrollment
from programs.states import DELIVERED, AttendanceState

IN_A_ROW: Final = 2
TOP: Final = 5


@dataclass(frozen=True)
class Missed:
    """How many people keep away, and those who do so the longest: each with `absences`, `missed_at` and `seen_at`."""

    total: int
    top: tuple[Any, ...]


def missed(user: User, *, day: date) -> models.QuerySet[Any]:
    """List participants of cohorts that run on `day` whose last marks, in held sessions, are absences.

    An excuse ends a row: who says why has not stayed away. Who was spoken to after the last absence is left out.
    """
    marked = _marked(enrollment=OuterRef("pk")).order_by("-session__starts_at", "-session")
    running = Enrollment.objects.visible_to(user).seated().filter(cohort__starts_on__lte=day, cohort__ends_on__gte=day)
    found = running.filter(person__erased_at__isnull=True).annotate(
        last_state=Subquery(marked.values("state")[:1]),
        last_seat=Subquery(marked.values("pk")[:1]),
        missed_at=Subquery(marked.values("session__starts_at")[:1]),
        seen_at=Subquery(marked.exclude(state=AttendanceState.ABSENT).values("session__starts_at")[:1]),
        absences=_row_of_absences(),
    )
    noted = AbsenceNote.objects.filter(seat=OuterRef("last_seat"))
    kept = found.filter(last_state=AttendanceState.ABSENT, absences__gte=IN_A_ROW).exclude(Exists(noted))
    return kept.select_related("person", "cohort__village")


def most_missed(user: User, *, day: date) -> Missed:
    """Count who keeps away and name the first five; 1 query."""
    rows = missed(user, day=day).annotate(total=Window(Count("pk"))).order_by("-absences", "person__name", "pk")
    top = tuple(rows[:TOP])
    return Missed(top[0].total if top else 0, top)


def _marked(**whose: object) -> models.QuerySet[Attendance]:
    """Keep marked seats of sessions that were held."""
    return Attendance.objects.filter(session__state__in=DELIVERED, **whose).exclude(state=AttendanceState.EXPECTED)


def _row_of_absences() -> Coalesce:
    """Count the absences after which nobody saw the person."""
    later = _marked(enrollment=OuterRef("enrollment"), session__starts_at__gt=OuterRef("session__starts_at"))
    since = _marked(enrollment=OuterRef("pk")).exclude(Exists(later.exclude(state=AttendanceState.ABSENT)))
    counted = since.filter(state=AttendanceState.ABSENT).order_by().values("enrollment").annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), 0)
