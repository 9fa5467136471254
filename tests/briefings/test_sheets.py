"""Attendance that nobody entered a day after a session."""

from datetime import timedelta

import pytest

from accounts.models import User
from attendance.actions import hold_session
from briefings.planning import plan_notices
from programs.models import Cohort, Session
from reminders.models import Message
from reminders.states import Kind
from tests import factories
from tests.briefings.worlds import WITA, local, looked, notices, only, queries, rows, says, verdict

SARI = "sari@example.org"
DAY = timedelta(days=1)
OVER = local("2026-09-30 11:00")
LATE = OVER + DAY


@pytest.fixture
def session(cohort: Cohort) -> Session:
    """Over on Wednesday at 11.00."""
    return factories.SessionFactory.create(
        program=cohort.program, cohorts=[cohort], topic="Dyes", starts_at=OVER - DAY / 12, ends_at=OVER
    )


def test_coordinators_are_told_after_24_hours_and_once(session: Session, rina: User) -> None:
    second = factories.UserFactory.create()
    session.program.coordinators.add(second)
    plan_notices(at=LATE - timedelta(minutes=1))
    assert notices(Kind.SHEET_MISSING) == []
    plan_notices(at=LATE)
    assert {number for number, _state, _note in notices(Kind.SHEET_MISSING)} == {SARI, second.email}
    assert set(Message.objects.filter(kind=Kind.SHEET_MISSING).values_list("due_at", flat=True)) == {LATE}
    before = rows()
    for minute in range(100):
        plan_notices(at=LATE + timedelta(minutes=minute) / 100)
    assert rows() == before


def test_it_names_the_session_and_leads_to_its_sheet(session: Session) -> None:
    plan_notices(at=LATE)
    assert says(only(Kind.SHEET_MISSING), LATE) == {
        "hello": "Sari",
        "title": "Dyes",
        "day": "Wednesday, 30 September 2026",
        "link": f"sessions/{session.pk}/attendance/",
    }


def test_night_waits_for_the_morning_of_the_venue(cohort: Cohort, elsewhere: object) -> None:
    ends_at = local("2026-09-30 21:00", WITA)
    venue = factories.VenueFactory.create(region=factories.lay_region("52.02.02.2004"))
    factories.SessionFactory.create(
        program=cohort.program, cohorts=[cohort], venue=venue, starts_at=ends_at - DAY / 12, ends_at=ends_at
    )
    plan_notices(at=ends_at + DAY)
    assert only(Kind.SHEET_MISSING).due_at == local("2026-10-02 06:00", WITA)


def test_entering_the_sheet_withdraws_it(session: Session, sari: User) -> None:
    plan_notices(at=LATE)
    hold_session(session, nobody_came=True, by=sari, at=LATE)
    assert notices(Kind.SHEET_MISSING) == [(SARI, "superseded", "done")]


def test_last_look_sees_that_it_is_settled_or_another_hand_runs_the_program(
    session: Session, sari: User, rina: User
) -> None:
    plan_notices(at=LATE)
    message = only(Kind.SHEET_MISSING)
    assert verdict(message, LATE) == ("claimed", "")
    session.program.coordinators.set([rina])
    assert verdict(message, LATE) == ("superseded", "done")
    session.program.coordinators.set([sari])
    Session.objects.update(state="held")
    assert verdict(message, LATE) == ("superseded", "done")


def test_old_ones_are_left_to_the_digest(session: Session) -> None:
    plan_notices(at=LATE + 2 * DAY)
    assert notices(Kind.SHEET_MISSING) == []


def test_repair_and_last_look_ask_the_same_for_one_and_for_seven(session: Session) -> None:
    plan_notices(at=LATE)
    counts, looks = [queries(LATE)], [looked([only(Kind.SHEET_MISSING).pk], LATE)]
    for hour in range(6):
        factories.SessionFactory.create(
            program=session.program,
            starts_at=OVER - DAY / 8 - timedelta(hours=hour),
            ends_at=OVER - timedelta(hours=hour),
        )
    plan_notices(at=LATE)
    counts.append(queries(LATE))
    ids = list(Message.objects.filter(kind=Kind.SHEET_MISSING).values_list("pk", flat=True))
    looks.append(looked(ids, LATE))
    assert len(ids) == 7
    assert (counts[0], looks[0]) == (counts[1], looks[1])
