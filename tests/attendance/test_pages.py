"""The sheet of a session: filled in, held and closed."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from accounts.models import User
from programs.models import Attendance, Cohort, Enrollment, Session, Venue
from tests.factories import CohortFactory, EnrollmentFactory, PersonFactory
from tests.programs.browsing import press, read
from tests.programs.plans import history, scheduled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_sheet_is_filled_in_and_kept(desk: Client, running: Session, enrolled: Enrollment, cohort: Cohort) -> None:
    assert f'name="seat-{enrolled.pk}"' in read(desk, "session-attendance", running.pk)
    press(desk, "session-attendance", running.pk, **{f"seat-{enrolled.pk}": "late", f"minutes-{enrolled.pk}": "90"})
    seat = running.seats.get()
    assert (seat.state, seat.minutes) == ("late", 90)
    press(desk, "session-attendance", running.pk, **{f"seat-{enrolled.pk}": "sick", f"minutes-{enrolled.pk}": "90"})
    seat.refresh_from_db()
    assert (seat.state, seat.minutes, seat.excuse) == ("excused", 0, "sick")


def test_all_others_are_present_by_one_button_without_a_script(desk: Client, running: Session, cohort: Cohort) -> None:
    absent, *_others = running.seats.all()
    for _ in range(2):
        Attendance.objects.create(session=running, enrollment=EnrollmentFactory.create(cohort=cohort))
    press(desk, "session-attendance", running.pk, rest="present", **{f"seat-{absent.enrollment_id}": "absent"})
    assert sorted(running.seats.values_list("state", flat=True)) == ["absent", "present", "present"]
    press(desk, "session-attendance", running.pk, rest="present")
    assert history(running).count("attendance_marked") == 1


@pytest.mark.parametrize(
    ("mark", "minutes", "status"), [("present", "999", 400), ("present", "x", 400), ("dancing", "", 400)]
)
def test_sheet_with_a_mistake_is_shown_again_as_typed(
    desk: Client, running: Session, enrolled: Enrollment, mark: str, minutes: str, status: int
) -> None:
    typed = {f"seat-{enrolled.pk}": mark, f"minutes-{enrolled.pk}": minutes}
    page = press(desk, "session-attendance", running.pk, status=status, **typed)
    assert f'value="{minutes}"' in page
    assert running.seats.get().state == "expected"


@pytest.mark.parametrize("stranger", ["0", "99999999", "9" * 30])
def test_sheet_has_no_line_for_a_stranger(desk: Client, running: Session, stranger: str) -> None:
    page = press(desk, "session-attendance", running.pk, status=400, **{f"seat-{stranger}": "present"})
    assert "no seat" in page


def test_sheet_waits_for_the_beginning(desk: Client, session: Session, enrolled: Enrollment) -> None:
    assert "has not begun" in read(desk, "session-attendance", session.pk)
    press(desk, "session-attendance", session.pk, status=409, **{f"seat-{enrolled.pk}": "present"})


def test_mentor_of_one_village_marks_only_its_people(
    client: Client, cohort: Cohort, venue: Venue, enrolled: Enrollment, sari: User, made: User, at: datetime
) -> None:
    other = EnrollmentFactory.create(cohort=CohortFactory.create(program=cohort.program))
    joint = scheduled(cohort, venue, cohorts=[cohort, other.cohort], starts_at=at - timedelta(hours=1), by=sari)
    client.force_login(made)
    page = read(client, "session-attendance", joint.pk)
    assert f"seat-{enrolled.pk}" in page
    assert f"seat-{other.pk}" not in page
    assert other.person.name not in read(client, "session-detail", joint.pk)
    press(client, "session-attendance", joint.pk, status=400, **{f"seat-{other.pk}": "present"})
    press(client, "session-attendance", joint.pk, **{f"seat-{enrolled.pk}": "present"})


def test_walk_in_is_added_from_the_people_of_the_village(desk: Client, running: Session, cohort: Cohort) -> None:
    guest = PersonFactory.create(village=cohort.village, name="Tamu Baru")
    assert "Tamu Baru" in read(desk, "session-walk-in", running.pk)
    press(desk, "session-walk-in", running.pk, person=guest.pk, cohort=cohort.pk)
    assert running.seats.get(enrollment__person=guest).state == "present"
    press(desk, "session-walk-in", running.pk, status=400, person=guest.pk, cohort=cohort.pk)


def test_session_is_held_and_closed(desk: Client, running: Session, enrolled: Enrollment) -> None:
    press(desk, "session-hold", running.pk, status=409)
    press(desk, "session-attendance", running.pk, **{f"seat-{enrolled.pk}": "present"})
    press(desk, "session-hold", running.pk)
    press(desk, "session-close", running.pk)
    press(desk, "session-close", running.pk, status=409)
    assert history(running) == ["planned", "scheduled", "attendance_marked", "held", "closed"]
    page = press(desk, "session-attendance", running.pk, status=400, **{f"seat-{enrolled.pk}": "late"})
    assert "Say why the marks are corrected" in page


def test_nobody_came_is_said(desk: Client, running: Session) -> None:
    assert "Nobody came" in read(desk, "session-hold", running.pk)
    press(desk, "session-hold", running.pk, nobody_came="on")
    running.refresh_from_db()
    assert (running.state, running.nobody_came) == ("held", True)
    assert "nobody came" in read(desk, "session-detail", running.pk)
