"""Short words for what phones say in tests."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from accounts.models import User
from attendance.actions import Kept, keep_acts
from attendance.content import ActContent
from attendance.states import ActKind
from programs.models import Attendance, Cohort, Enrollment, Session
from programs.states import AttendanceState
from tests.factories import NOW


def minutes(number: float) -> datetime:
    """Tell a moment from `NOW`."""
    return NOW + timedelta(minutes=number)


def tap(
    session: Session, person: Enrollment, state: str = AttendanceState.PRESENT, *, made: float = -10, **said: Any
) -> ActContent:
    """Mark somebody on a phone, so many minutes from `NOW`."""
    given: dict[str, Any] = {"id": uuid4(), "made_at": minutes(made), **said}
    return ActContent(kind=ActKind.MARK, session=session.pk, enrollment=person.pk, state=state, **given)


def came(session: Session, cohort: Cohort, *, made: float = -10, **who: Any) -> ActContent:
    """Write somebody down who came unasked."""
    given: dict[str, Any] = {"id": uuid4(), "made_at": minutes(made), **who}
    return ActContent(kind=ActKind.WALK_IN, session=session.pk, cohort=cohort.pk, **given)


def send(acts: Sequence[ActContent], *, by: User, at: datetime = NOW, **clock: Any) -> list[Kept]:
    """Send them as they are."""
    return keep_acts(acts, by=by, at=at, **clock)


def verdicts(kept: Sequence[Kept]) -> list[str]:
    """Read the verdicts."""
    return [str(each.verdict) for each in kept]


def seat_of(session: Session, person: Enrollment) -> Attendance:
    """Read a seat as it stands."""
    return session.seats.get(enrollment=person)


def key(number: int) -> UUID:
    """Make a key that sorts by its number."""
    return UUID(int=number, version=4) if number < 0 else UUID(int=(7 << 76) | (2 << 62) | number)
