"""What a phone takes along of sessions: those of its villages whose sheets are open or open soon, as plain values.

Two weeks back until the sheet is closed (one that a late mark came for stays), two weeks ahead; the same number of
queries for any number of them.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from attendance.models import Act
from attendance.states import ActOutcome, ActWait
from common.dates import utc_text
from programs.models import Attendance, Booking, Cohort, Session
from programs.states import SessionState

BACK: Final = timedelta(days=14)
AHEAD: Final = timedelta(days=14)
TOLD_FOR: Final = timedelta(days=30)  # so long a phone reads what became of a mark that waited
OPEN: Final = (SessionState.SCHEDULED, SessionState.HELD)
Plain = dict[str, Any]


def pocket_sessions(user: User, villages: Collection[int], *, at: datetime) -> list[Plain]:
    """List the sessions of these villages for one phone, in the order of their days, with the seats that it may mark.

    Three queries.
    """
    open_ones = Session.objects.visible_to(user).filter(_is_kept(user)).between(at - BACK, at + AHEAD)
    theirs = Booking.objects.filter(cohort__village__in=villages).values("session")
    sessions = list(open_ones.filter(pk__in=theirs).select_related("module", "venue").order_by("starts_at", "pk"))
    cohorts = _cohorts(user, sessions)
    seats = _seats(user, sessions)
    return [plain_session(session, cohorts[session.pk], seats[session.pk]) for session in sessions]


def pocket_acts(user: User, *, at: datetime) -> list[Plain]:
    """List what became of marks of this phone that a sheet could not take: those that wait, and a month of others.

    One query.
    """
    late = Act.objects.filter(by=user).exclude(wait=ActWait.NONE)
    told = Q(outcome=ActOutcome.WAITING) | Q(settled_at__gte=at - TOLD_FOR) | Q(received_at__gte=at - TOLD_FOR)
    rows = late.filter(told).order_by("pk").values_list("pk", "outcome", "reason")
    return [{"id": str(key), "outcome": outcome, "reason": reason} for key, outcome, reason in rows]


def _is_kept(user: User) -> Q:
    """Match open sheets, and those on which a mark of this phone waits or waited."""
    late = Act.objects.filter(session=OuterRef("pk"), by=user).exclude(wait=ActWait.NONE)
    return Q(state__in=OPEN) | Q(Exists(late))


def plain_session(session: Session, cohorts: list[Cohort], seats: list[Plain]) -> Plain:
    """Write one session down as a phone keeps it."""
    return {
        "id": session.pk,
        "villages": sorted({cohort.village_id for cohort in cohorts}),
        "module": session.module_id,
        "title": session.title,
        "starts_at": utc_text(session.starts_at),
        "ends_at": utc_text(session.ends_at),
        "zone": session.zone,
        "place": session.venue.name if session.venue else "",
        "state": session.state,
        "cohorts": [{"id": cohort.pk, "name": cohort.name, "village": cohort.village_id} for cohort in cohorts],
        "seats": seats,
    }


def plain_seat(seat: Attendance) -> Plain:
    """Write one seat down as a phone keeps it; without any number of the person."""
    person = seat.enrollment.person
    return {
        "enrollment": seat.enrollment_id,
        "person": person.pk,
        "name": person.name,
        "state": seat.state,
        "minutes": seat.minutes,
        "excuse": seat.excuse,
        "version": seat.version,
    }


def _cohorts(user: User, sessions: list[Session]) -> dict[int, list[Cohort]]:
    """Find who takes part, session by session; of a joint one a mentor takes their villages' along. 1 query."""
    booked = Booking.objects.filter(session__in=sessions, cohort__in=Cohort.objects.visible_to(user))
    found: dict[int, list[Cohort]] = defaultdict(list)
    for booking in booked.select_related("cohort").order_by("cohort__name", "cohort"):
        if booking.cohort is not None:
            found[booking.session_id].append(booking.cohort)
    return found


def _seats(user: User, sessions: list[Session]) -> dict[int, list[Plain]]:
    """Find the seats by their rows. 1 query."""
    found: dict[int, list[Plain]] = defaultdict(list)
    seats = Attendance.objects.visible_to(user).filter(session__in=sessions).select_related("enrollment__person")
    for seat in seats.order_by("session", "number", "pk"):
        found[seat.session_id].append(plain_seat(seat))
    return found
