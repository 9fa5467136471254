"""The rows behind one cell: they add up to its numbers."""

from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import User
from exports.models import SubsidyClaim
from mentoring.models import Visit
from mentoring.states import VisitState
from programs.models import Booking, Cohort, Module, Program, Session
from programs.states import DELIVERED, PLANNED, Mode
from progress.period import ALWAYS, Period
from progress.summary import Cell
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

    sessions: list[SessionRow] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    claims: list[SubsidyClaim] = field(default_factory=list)

    @property
    def delivered(self) -> int:
        """Minutes, visits or claims."""
        counted = sum(row.delivered for row in self.sessions)
        return counted + sum(visit.state == VisitState.APPROVED for visit in self.visits) + len(self.claims)

    @property
    def planned(self) -> int:
        """Minutes planned by now; visits and claims are not planned ahead."""
        return sum(row.planned for row in self.sessions)

    @property
    def pending(self) -> int:
        """Visits that wait for approval."""
        return sum(visit.state == VisitState.SUBMITTED for visit in self.visits)

    def unseen_of(self, cell: Cell) -> int:
        """Count the rows of a cell that this reader does not open: claims and waiting visits are not everybody's."""
        return 0 if cell.mode == Mode.TRAINING else cell.delivered + cell.pending - self.delivered - self.pending


def rows_behind(
    user: User, *, program: Program, village: Village, module: Module, at: datetime, period: Period = ALWAYS
) -> Rows:
    """Read the rows behind one village's cell, as far as this user sees them."""
    cohorts = Cohort.objects.visible_to(user).filter(program=program, village=village)
    inside = (period.start, period.end)
    match module.mode:
        case Mode.TRAINING:
            taken = Booking.objects.filter(cohort__in=cohorts, session__module=module, session__state__in=PLANNED)
            ended = taken.filter(session__ends_at__gte=inside[0], session__ends_at__lt=inside[1])
            rows = ended.select_related("session__module", "session__venue", "cohort")
            ordered = rows.order_by("session__starts_at", "pk")
            return Rows(sessions=[_row(booking.session, booking.cohort, at) for booking in ordered if booking.cohort])
        case Mode.BENEFIT:
            paid = SubsidyClaim.objects.visible_to(user).counted().filter(cohort__in=cohorts)
            inner = paid.filter(paid_on__range=(period.first, period.last))
            return Rows(claims=list(inner.select_related("business_unit", "shipment").order_by("paid_on", "pk")))
        case _:
            seen = Visit.objects.visible_to(user).filter(cohort__in=cohorts, modules=module)
            made = seen.filter(visited_at__gte=inside[0], visited_at__lt=inside[1])
            counted = made.filter(state__in=(VisitState.APPROVED, VisitState.SUBMITTED))
            return Rows(visits=list(counted.select_related("mentor", "village__region").order_by("visited_at", "pk")))


def _row(session: Session, cohort: Cohort, at: datetime) -> SessionRow:
    held = session.state in DELIVERED
    planned = held or session.ends_at <= at
    return SessionRow(session, cohort, session.minutes * held, session.minutes * planned)
