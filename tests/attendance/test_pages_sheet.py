"""The sheet: the grid and two hands on it, corrections, and who came unasked."""

import gzip
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from attendance.actions import Mark, mark_attendance
from programs.models import Attendance, Cohort, Session, Venue
from programs.states import AttendanceState
from tests.factories import (
    NOW,
    EnrollmentFactory,
    PersonFactory,
)
from tests.programs.browsing import press, read
from tests.programs.plans import history, scheduled
from villages.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def typed(seat: Attendance, value: str, seen: int = 0, **other: Any) -> dict[str, Any]:
    return {f"seat-{seat.enrollment_id}": value, f"seen-{seat.enrollment_id}": seen, **other}


def state_of(seat: Attendance) -> str:
    seat.refresh_from_db()
    return seat.state


# -- The grid ---------------------------------------------------------------------------------------------------------


def test_sheet_tells_who_marked_and_what_they_answered(
    desk: Client, running: Session, seat: Attendance, made: User
) -> None:
    Attendance.objects.filter(pk=seat.pk).update(rsvp="yes", rsvp_at=NOW)
    mark_attendance(running, marks=[Mark(seat.enrollment_id, AttendanceState.LATE, minutes=90)], by=made, at=NOW)
    page = read(desk, "session-attendance", running.pk)
    assert "Made 10.00" in page
    assert "Will come" in page
    assert 'value="90"' in page
    assert f'name="seen-{seat.enrollment_id}" value="1"' in page
    assert "<strong data-came>1</strong> <span data-seats>of 1 came</span>" in page


def test_crossed_mark_is_told_by_name_with_both_values_and_the_rest_is_kept(
    desk: Client, running: Session, seat: Attendance, cohort: Cohort, made: User
) -> None:
    other = Attendance.objects.create(session=running, enrollment=EnrollmentFactory.create(cohort=cohort))
    mark_attendance(running, marks=[Mark(seat.enrollment_id, AttendanceState.ABSENT)], by=made, at=NOW)
    both = {**typed(seat, "present"), **typed(other, "late")}
    page = press(desk, "session-attendance", running.pk, status=409, then="close", **both)
    assert "Lidia Wati: you marked “Present”, but meanwhile “Absent” was marked (Made 10.00 WIB)" in page
    assert (state_of(seat), state_of(other)) == ("absent", "late")
    assert 'value="absent" checked' in page
    running.refresh_from_db()
    assert running.state == "scheduled", "a sheet with crossed marks is looked at before it is closed"
    press(desk, "session-attendance", running.pk, **typed(seat, "present", seen=1))
    assert state_of(seat) == "present"


@pytest.mark.parametrize(
    ("then", "state"), [("", "scheduled"), ("hold", "held"), ("close", "closed"), ("x", "scheduled")]
)
def test_saving_holds_and_closes_along(desk: Client, running: Session, seat: Attendance, then: str, state: str) -> None:
    press(desk, "session-attendance", running.pk, then=then, **typed(seat, "present"))
    running.refresh_from_db()
    assert running.state == state
    acts = {"held": ["held"], "closed": ["held", "closed"]}.get(state, [])
    assert history(running)[2:] == ["attendance_marked", *acts]


def test_one_press_marks_the_others_closes_and_goes_on_to_the_next_sheet(
    desk: Client, running: Session, seat: Attendance, cohort: Cohort, venue: Venue, sari: User
) -> None:
    first_of_all = scheduled(cohort, venue, starts_at=NOW - timedelta(days=2), by=sari)
    Session.objects.filter(pk=running.pk).update(starts_at=NOW - timedelta(hours=3), ends_at=NOW - timedelta(hours=1))
    other = EnrollmentFactory.create(cohort=cohort)
    unmarked = Attendance.objects.create(session=running, enrollment=other)
    first = desk.post(reverse("session-attendance", args=[first_of_all.pk]), {"then": "next"})
    assert first["Location"] == reverse("session-attendance", args=[running.pk])
    last = desk.post(reverse("session-attendance", args=[running.pk]), {"then": "next", **typed(seat, "absent")})
    assert last["Location"] == reverse("session-detail", args=[running.pk])
    for row, state in ((seat, "absent"), (unmarked, "present")):
        row.refresh_from_db()
        assert row.state == state
    assert {*Session.objects.values_list("state", flat=True)} == {"closed"}


def test_held_sheet_is_closed_along(desk: Client, held: Session) -> None:
    press(desk, "session-attendance", held.pk, then="close")
    held.refresh_from_db()
    assert held.state == "closed"


def test_an_empty_sheet_is_not_held(desk: Client, running: Session) -> None:
    assert "Mark attendance first" in press(desk, "session-attendance", running.pk, status=409, then="hold")


def test_mentor_marks_but_neither_holds_nor_closes(
    client: Client, running: Session, seat: Attendance, made: User
) -> None:
    client.force_login(made)
    for then in ("hold", "close", "next"):
        press(client, "session-attendance", running.pk, status=403, then=then, **typed(seat, "present"))
    assert state_of(seat) == "expected"
    assert 'value="close"' not in read(client, "session-attendance", running.pk)


def test_two_hundred_people_fit_the_budget_and_cost_no_more_queries(
    desk: Client, running: Session, cohort: Cohort, sari: User
) -> None:
    people = EnrollmentFactory.create_batch(199, cohort=cohort)
    seats = [Attendance(session=running, enrollment=person) for person in people]
    Attendance.objects.bulk_create(seats)
    marks = [Mark(person.pk, AttendanceState.PRESENT) for person in people]
    mark_attendance(running, marks=marks, by=sari, at=NOW)
    address = reverse("session-attendance", args=[running.pk])
    with CaptureQueriesContext(connection) as queries:
        answer = desk.get(address, headers={"accept-encoding": "gzip"})
    assert len(queries) <= 12
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) <= 60_000 / 2
    assert gzip.decompress(answer.content).decode().count("<li") >= 200


# -- Corrections ------------------------------------------------------------------------------------------------------


def test_correction_of_a_held_sheet_asks_why_and_keeps_it(desk: Client, held: Session, seat: Attendance) -> None:
    page = press(desk, "session-attendance", held.pk, status=400, **typed(seat, "present", seen=1))
    assert "Say why the marks are corrected" in page
    assert 'value="present" checked' in page
    assert state_of(seat) == "absent"
    press(desk, "session-attendance", held.pk, reason="Signed on page 2", **typed(seat, "present", seen=1))
    page = read(desk, "seat-detail", seat.pk)
    assert "Signed on page 2" in page
    assert page.index("Present") < page.index("Absent")
    assert "Attendance corrected" in read(desk, "session-detail", held.pk)


def test_closed_sheet_is_corrected_by_a_coordinator_only(
    client: Client, desk: Client, closed: Session, seat: Attendance, made: User
) -> None:
    press(desk, "session-attendance", closed.pk, reason="Paper found", **typed(seat, "late", seen=1))
    assert state_of(seat) == "late"
    client.force_login(made)
    assert "The sheet is closed" in read(client, "session-attendance", closed.pk)
    for name, given in (("session-attendance", typed(seat, "present", seen=2)), ("session-numbers", {"rows": "1"})):
        press(client, name, closed.pk, status=403, reason="x", **given)
    assert state_of(seat) == "late"


# -- Who came unasked -------------------------------------------------------------------------------------------------


def test_walk_in_is_found_by_name_or_written_down(desk: Client, running: Session, cohort: Cohort) -> None:
    guest = PersonFactory.create(village=cohort.village, name="Tamu Baru")
    PersonFactory.create(village=cohort.village, name="Orang Lain")
    page = read(desk, "session-walk-in", running.pk, name="baru tam")
    assert "Tamu Baru" in page
    assert "Orang Lain" not in page
    assert "Lidia Wati" not in read(desk, "session-walk-in", running.pk, name="Lidia"), "she has a seat"
    press(desk, "session-walk-in", running.pk, person=guest.pk, cohort=cohort.pk)
    new = {"name": "Belum Dikenal", "sex": "female", "number": "0812 3456 7890", "cohort": cohort.pk}
    press(desk, "session-walk-in", running.pk, **new)
    known = Person.objects.get(name="Belum Dikenal")
    assert running.seats.get(enrollment__person=known).state == "present"


@pytest.mark.parametrize("wrong", [{"name": ""}, {"sex": ""}, {"number": "12"}, {"cohort": "9999"}, {"name": "a\0b"}])
def test_new_walk_in_that_is_typed_wrong_is_shown_again(
    desk: Client, running: Session, cohort: Cohort, wrong: dict[str, str]
) -> None:
    new = {"name": "Belum Dikenal", "sex": "female", "cohort": cohort.pk, **wrong}
    page = press(desk, "session-walk-in", running.pk, status=400, **new)
    assert "errors" in page
    assert running.seats.count() == 1


def test_walk_in_from_the_sheet_gets_just_its_line(desk: Client, running: Session, cohort: Cohort) -> None:
    guest = PersonFactory.create(village=cohort.village, name="Tamu Baru")
    found = read(desk, "session-walk-in", running.pk, name="Tamu", sheet="yes")
    assert 'hx-target=".sheet"' in found
    assert 'hx-swap="beforeend ignoreTitle:true"' in found
    assert 'hx-swap="outerHTML ignoreTitle:true"' in read(desk, "session-attendance", running.pk), "its title stays"
    given = {"person": guest.pk, "cohort": cohort.pk}
    answer = desk.post(reverse("session-walk-in", args=[running.pk]), given, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "<html" not in page
    assert page.count("<li") == 1
    assert "Tamu Baru" in page
    assert 'value="present" checked' in page


def test_nothing_is_guessed_about_somebody_new(desk: Client, running: Session) -> None:
    page = read(desk, "session-walk-in", running.pk, name="Belum Dikenal")
    assert page.count('name="sex"') == 2
    assert not [field for field in page.split("<input")[1:] if 'name="sex"' in field and "checked" in field]
    assert all("required" in field.split(">")[0] for field in page.split("<input")[1:] if 'name="sex"' in field)
