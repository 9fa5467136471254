"""The rows behind one cell: they add up to its numbers."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from mentoring.models import Visit
from mentoring.states import VisitState
from programs.models import Booking, Cohort, Module, Program, Session
from programs.states import DELIVERED, PLANNED, Mode
from villages.models import Village


@dataclass(frozen=True)
class SessionRow:
    """One session as one cohort's; a joint session stands once for each cohort of the village."""

    session: Session
    cohort: Cohort
    delivered: int  # minutes
    planned: int


@dataclass(frozen=True)
class Rows:
    """What was counted, what is planned by now, and what waits."""

    sessions: list[SessionRow]
    visits: list[Visit]

    @property
    def delivered(self) -> int:
        """Minutes, or visits."""
        counted = sum(row.delivered for row in self.sessions)
        return counted + sum(visit.state == VisitState.APPROVED for visit in self.visits)

    @property
    def planned(self) -> int:
        """Minutes planned by now; visits are not planned ahead."""
        return sum(row.planned for row in self.sessions)


def rows_behind(user: User, *, program: Program, village: Village, module: Module, at: datetime) -> Rows:
    """Read the rows behind one village's cell, as far as this user sees them."""
    cohorts = Cohort.objects.visible_to(user).filter(program=program, village=village)
    sessions: list[SessionRow] = []
    visits: list[Visit] = []
    if module.mode == Mode.TRAINING:
        taken = Booking.objects.filter(cohort__in=cohorts, session__module=module, session__state__in=PLANNED)
        rows = taken.select_related("session__module", "session__venue", "cohort").order_by("session__starts_at", "pk")
        sessions = [_row(booking.session, booking.cohort, at) for booking in rows if booking.cohort]
    elif module.mode != Mode.BENEFIT:
        seen = Visit.objects.visible_to(user).filter(cohort__in=cohorts, modules=module)
        counted = seen.filter(state__in=(VisitState.APPROVED, VisitState.SUBMITTED))
        visits = list(counted.select_related("mentor", "village__region").order_by("visited_at", "pk"))
    return Rows(sessions, visits)


def _row(session: Session, cohort: Cohort, at: datetime) -> SessionRow:
    held = session.state in DELIVERED
    planned = held or session.ends_at <= at
    return SessionRow(session, cohort, session.minutes * held, session.minutes * planned)
