"""A session is held, and its sheet closed."""

from datetime import datetime

import pytest

from accounts.models import User
from attendance.actions import Mark, close_session, hold_session, mark_attendance
from common.errors import MoveRefused, Refused
from common.models import Event
from programs.models import Cohort, Venue
from programs.states import AttendanceState
from tests.factories import EnrollmentFactory
from tests.programs.plans import TWO_HOURS, history, scheduled

pytestmark = pytest.mark.django_db


def test_hold_needs_a_mark_or_the_word_that_nobody_came(cohort: Cohort, venue: Venue, sari: User, at: datetime) -> None:
    someone = EnrollmentFactory.create(cohort=cohort)
    session = scheduled(cohort, venue, starts_at=at - TWO_HOURS, by=sari)
    with pytest.raises(Refused, match="Mark attendance first"):
        hold_session(session, by=sari, at=at)
    session.refresh_from_db()
    mark_attendance(session, marks=[Mark(someone.pk, AttendanceState.PRESENT)], by=sari, at=at)
    with pytest.raises(Refused, match="people who came"):
        hold_session(session, nobody_came=True, by=sari, at=at)
    session.refresh_from_db()
    hold_session(session, by=sari, at=at)
    assert (session.state, session.nobody_came) == ("held", False)


def test_nobody_came_marks_everyone_absent(cohort: Cohort, venue: Venue, sari: User, at: datetime) -> None:
    EnrollmentFactory.create(cohort=cohort)
    session = scheduled(cohort, venue, starts_at=at - TWO_HOURS, by=sari)
    hold_session(session, nobody_came=True, by=sari, at=at)
    assert [*session.seats.values_list("state", flat=True)] == ["absent"]
    assert Event.objects.about(session).get(verb="held").facts == {"nobody_came": True, "absent": 1}


def test_hold_waits_for_the_beginning(cohort: Cohort, venue: Venue, sari: User, at: datetime) -> None:
    session = scheduled(cohort, venue, by=sari)
    with pytest.raises(Refused, match="not begun"):
        hold_session(session, nobody_came=True, by=sari, at=at)


def test_close_ends_the_sheet_and_counts_the_unmarked_as_absent(
    cohort: Cohort, venue: Venue, sari: User, at: datetime
) -> None:
    came, _missing = EnrollmentFactory.create_batch(2, cohort=cohort)
    session = scheduled(cohort, venue, starts_at=at - TWO_HOURS, by=sari)
    mark_attendance(session, marks=[Mark(came.pk, AttendanceState.PRESENT)], by=sari, at=at)
    with pytest.raises(MoveRefused):
        close_session(session, by=sari, at=at)
    hold_session(session, by=sari, at=at)
    close_session(session, by=sari, at=at)
    assert sorted(session.seats.values_list("state", flat=True)) == ["absent", "present"]
    with pytest.raises(Refused, match="not open"):
        mark_attendance(session, marks=[Mark(came.pk, AttendanceState.LATE)], by=sari, at=at)
    assert history(session) == ["planned", "scheduled", "attendance_marked", "held", "closed"]
