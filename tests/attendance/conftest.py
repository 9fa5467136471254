"""Sessions at every stage, as the tests of programs have them, and a seat in each."""

import pytest

from accounts.models import User
from attendance.actions import Mark, close_session, hold_session, mark_attendance
from programs.models import Attendance, Session
from programs.states import AttendanceState
from tests.factories import NOW
from tests.programs.conftest import desk, english, enrolled, planned, running, session

__all__ = ["desk", "english", "enrolled", "planned", "running", "session"]


@pytest.fixture
def seat(running: Session) -> Attendance:
    """Bu Lidia's."""
    return running.seats.get()


@pytest.fixture
def held(running: Session, seat: Attendance, sari: User) -> Session:
    """Held, with Bu Lidia absent."""
    mark_attendance(running, marks=[Mark(seat.enrollment_id, AttendanceState.ABSENT)], by=sari, at=NOW)
    hold_session(running, by=sari, at=NOW)
    running.refresh_from_db()
    return running


@pytest.fixture
def closed(held: Session, sari: User) -> Session:
    """And closed."""
    close_session(held, by=sari, at=NOW)
    return held
