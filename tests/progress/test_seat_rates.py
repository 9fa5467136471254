"""Attendance and commitment of sessions, cohorts and people, counted once and recounted row by row."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from programs.models import Attendance, Cohort, Enrollment, Session
from progress.measures import count_seats, count_session_seats
from progress.summary import Seats, enrollments_progress
from tests.factories import EnrollmentFactory, MarkedSeatFactory, SessionFactory
from tests.progress.recount import rates
from tests.progress.worlds import lay_world

pytestmark = pytest.mark.django_db


def shown(seats: Seats | None) -> tuple[int | None, int | None]:
    return (seats.attendance, seats.commitment) if seats else (None, None)


@pytest.mark.parametrize("seed", range(3))
def test_rates_of_every_line_equal_a_recount(seed: int, at: datetime) -> None:
    lay_world(seed, at)
    rows = [*Attendance.objects.select_related("session", "enrollment")]
    by_session = {
        found.session: Seats(*found[1:]) for found in count_session_seats(Session.objects.values_list("pk", flat=True))
    }
    for session in Session.objects.all():
        mine = [row for row in rows if row.session_id == session.pk]
        assert shown(by_session.get(session.pk)) == rates(mine)
    by_cohort = {found.cohort: Seats(*found[1:]) for found in count_seats(Cohort.objects.values_list("pk", flat=True))}
    for cohort in Cohort.objects.all():
        mine = [row for row in rows if row.enrollment.cohort_id == cohort.pk]
        assert shown(by_cohort.get(cohort.pk)) == rates(mine)
    for person in enrollments_progress(Enrollment.objects.all(), at=at):
        mine = [row for row in rows if row.enrollment_id == person.enrollment.pk]
        assert shown(person.seats) == rates(mine)


def test_nothing_asked_is_nothing_counted() -> None:
    assert count_session_seats([]) == []


def test_pages_show_both_beside_each_other(reader: Client, cohort: Cohort, sari: User, at: datetime) -> None:
    held = SessionFactory.create(
        program=cohort.program, cohorts=[cohort], starts_at=at.replace(day=1, month=9), state="closed"
    )
    for state in ("present", "excused", "absent"):
        MarkedSeatFactory.create(session=held, enrollment=EnrollmentFactory.create(cohort=cohort), state=state)
    reader.force_login(sari)
    for name, row in (("session-detail", held), ("cohort-detail", cohort)):
        page = reader.get(reverse(name, args=[row.pk])).content.decode()
        assert "Attendance rate <strong>33%</strong>" in page
        assert "Came or excused <strong>66%</strong>" in page
