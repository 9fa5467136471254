"""Who keeps away: people who were absent several times in a row, to be called or already spoken to."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import models
from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, Subquery, Value, When, Window
from django.db.models.functions import Coalesce

from accounts.models import User
from attendance.models import AbsenceNote
from attendance.states import Contacted, Outcome
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
    """List whom somebody has to call: nothing is noted about their last absence yet, or only to try again."""
    return keeping_away(user, day=day).filter(Q(outcome__isnull=True) | Q(outcome=Outcome.TRY_AGAIN))


def spoken_to(user: User, *, day: date) -> models.QuerySet[Any]:
    """List who keeps away and was spoken to after the last absence, whatever came of it but to try again."""
    return keeping_away(user, day=day).exclude(outcome=Outcome.TRY_AGAIN).filter(outcome__isnull=False)


def keeping_away(user: User, *, day: date) -> models.QuerySet[Any]:
    """List participants of cohorts that run on `day` whose last marks, in held sessions, are absences.

    An excuse ends a row: who says why has not stayed away. What was noted last about the last absence is read along.
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
    kept = found.filter(last_state=AttendanceState.ABSENT, absences__gte=IN_A_ROW)
    return _noted(kept).select_related("person", "cohort__village")


def most_missed(user: User, *, day: date) -> Missed:
    """Count who keeps away and name the first five; 1 query."""
    rows = missed(user, day=day).annotate(total=Window(Count("pk"))).order_by("-absences", "person__name", "pk")
    top = tuple(rows[:TOP])
    return Missed(top[0].total if top else 0, top)


def _marked(**whose: object) -> models.QuerySet[Attendance]:
    """Keep marked seats of sessions that were held."""
    return Attendance.objects.filter(session__state__in=DELIVERED, **whose).exclude(state=AttendanceState.EXPECTED)


def _noted(rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Read along the last note about the last absence: what came of it, whom, when, each also in words."""
    last = AbsenceNote.objects.filter(seat=OuterRef("last_seat")).order_by("-at", "-pk")
    facts = {name: Subquery(last.values(name)[:1]) for name in ("outcome", "contacted", "remark")}
    rows = rows.annotate(**facts, noted_at=Subquery(last.values("at")[:1]))
    words = {"outcome_word": _word("outcome", Outcome), "contacted_word": _word("contacted", Contacted)}
    noted: models.QuerySet[Any] = rows.annotate(**words)
    return noted


def _word(name: str, words: type[models.TextChoices]) -> Case:
    """Say a choice in the reader's language."""
    cases = [When(**{name: value}, then=Value(str(label))) for value, label in words.choices]
    return Case(*cases, default=Value(""), output_field=CharField())


def _row_of_absences() -> Coalesce:
    """Count the absences after which nobody saw the person."""
    later = _marked(enrollment=OuterRef("enrollment"), session__starts_at__gt=OuterRef("session__starts_at"))
    since = _marked(enrollment=OuterRef("pk")).exclude(Exists(later.exclude(state=AttendanceState.ABSENT)))
    counted = since.filter(state=AttendanceState.ABSENT).order_by().values("enrollment").annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), 0)
