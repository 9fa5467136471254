"""Around the sheet: one seat, the code of the room, and who keeps away."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from attendance.actions import open_check_in
from attendance.door import code_of
from programs.models import Attendance, Cohort, Enrollment, Session
from tests.factories import (
    NOW,
    MarkedSeatFactory,
    SessionFactory,
)
from tests.programs.browsing import press, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


# -- One seat ---------------------------------------------------------------------------------------------------------


def test_seat_leads_to_its_person(desk: Client, seat: Attendance) -> None:
    page = read(desk, "seat-detail", seat.pk)
    assert f'href="{reverse("person-detail", args=[seat.enrollment.person_id])}"' in page
    assert "No answer yet" not in page, "the session has begun"


@pytest.mark.parametrize(("rsvp", "words"), [("", "No answer yet"), ("yes", "Will come"), ("no", "Cannot come")])
def test_seat_of_a_session_to_come_tells_the_answer(desk: Client, session: Session, rsvp: str, words: str) -> None:
    coming = session.seats.get()
    Attendance.objects.filter(pk=coming.pk).update(rsvp=rsvp, rsvp_at=NOW if rsvp else None)
    page = read(desk, "seat-detail", coming.pk)
    assert words in page
    assert ("Thu, 1 Oct 2026 10.00 WIB" in page) == bool(rsvp)


def test_excuse_is_said_once(desk: Client, running: Session, seat: Attendance, sari: User) -> None:
    Attendance.objects.filter(pk=seat.pk).update(
        state="excused", excuse="sick", source="trainer", marked_at=NOW, marked_by=sari, version=1
    )
    page = read(desk, "session-detail", running.pk)
    assert "Sick" in page
    assert "Excused" not in page


# -- The code of the room ---------------------------------------------------------------------------------------------


def test_code_is_shown_changed_and_hidden(desk: Client, running: Session) -> None:
    assert "Show the code" in read(desk, "session-door", running.pk)
    press(desk, "session-door", running.pk)
    opening = running.check_ins.get()
    page = read(desk, "session-door", running.pk)
    assert f'aria-label="{code_of(opening)}"' in page
    assert "<svg" in page
    press(desk, "session-door", running.pk)
    assert f'aria-label="{code_of(opening)}"' not in read(desk, "session-door", running.pk)
    press(desk, "session-door", running.pk, close="yes")
    assert "Show the code" in read(desk, "session-door", running.pk)


def test_code_waits_for_the_session(desk: Client, session: Session) -> None:
    assert "half an hour before" in read(desk, "session-door", session.pk)
    assert "half an hour before" in press(desk, "session-door", session.pk, status=409)


@pytest.mark.parametrize(("minutes", "offered"), [(-31, False), (-30, True), (119, True), (120, False), (5000, False)])
def test_code_is_offered_only_while_it_counts(
    desk: Client, running: Session, clock: time_machine.Traveller, minutes: int, *, offered: bool
) -> None:
    clock.move_to(running.starts_at + timedelta(minutes=minutes))
    address = f'href="{reverse("session-door", args=[running.pk])}"'
    for name in ("session-detail", "session-attendance"):
        assert (address in read(desk, name, running.pk)) == offered, name


def test_code_of_a_session_that_is_over_is_told_so(
    desk: Client, running: Session, clock: time_machine.Traveller
) -> None:
    clock.move_to(running.ends_at)
    page = read(desk, "session-door", running.pk)
    assert "This session is over" in page
    assert "half an hour before" not in page


def test_sheet_shows_who_said_so_themselves(desk: Client, running: Session, seat: Attendance, sari: User) -> None:
    open_check_in(running, by=sari, at=NOW)
    Attendance.objects.filter(pk=seat.pk).update(state="present", minutes=120, source="self", marked_at=NOW, version=1)
    assert "by code 10.00" in read(desk, "session-attendance", running.pk)
    assert "1 of 1 have said so themselves" in read(desk, "session-door", running.pk)


# -- Who keeps away ---------------------------------------------------------------------------------------------------


@pytest.fixture
def away(cohort: Cohort, enrolled: Enrollment) -> Attendance:
    """Bu Lidia missed two sessions."""
    seats = [
        MarkedSeatFactory.create(
            session=SessionFactory.create(program=cohort.program, starts_at=NOW - timedelta(days=day), state="closed"),
            enrollment=enrolled,
        )
        for day in (5, 3)
    ]
    return seats[-1]


def test_who_keeps_away_is_called_and_noted(desk: Client, away: Attendance) -> None:
    page = read(desk, "absence-list")
    assert "Lidia Wati" in page
    assert "2×" in page
    assert reverse("person-numbers", args=[away.enrollment.person_id]) in page
    press(desk, "absence-note", away.pk, status=400, contacted="person")
    press(desk, "absence-note", away.pk, contacted="person", outcome="comes_again", remark="After harvest")
    page = read(desk, "absence-list")
    assert "Nobody is to be called" in page
    assert "Nobody keeps away" not in page
    told = page[page.index("Already spoken to") :]
    for words in ("Lidia Wati", "Comes again", "After harvest", "The person", "Thu, 1 Oct 2026"):
        assert words in told
    assert "After harvest" in read(desk, "absence-note", away.pk)


def test_who_is_to_be_tried_again_stays_to_be_called(desk: Client, away: Attendance) -> None:
    press(desk, "absence-note", away.pk, contacted="nobody", outcome="try_again")
    page = read(desk, "absence-list")
    assert reverse("person-numbers", args=[away.enrollment.person_id]) in page
    assert "To be called again · Nobody was reached · Thu, 1 Oct 2026" in page
    assert "Already spoken to" not in page
    press(desk, "absence-note", away.pk, contacted="family", outcome="cannot_for_now")
    page = read(desk, "absence-list")
    told = page[page.index("Already spoken to") :]
    assert "Lidia Wati" in told
    assert "Cannot for now" in told
    assert reverse("person-numbers", args=[away.enrollment.person_id]) not in page
    assert "Already spoken to" not in read(desk, "absence-list", region="52")


def test_where_nobody_keeps_away_is_told(desk: Client, enrolled: Enrollment) -> None:
    assert "Nobody keeps away" in read(desk, "absence-list")
    assert "Nobody here keeps away" in read(desk, "absence-list", region="52")


def test_list_speaks_the_readers_language(desk: Client, away: Attendance) -> None:
    press(desk, "absence-note", away.pk, contacted="nobody", outcome="try_again")
    desk.cookies[settings.LANGUAGE_COOKIE_NAME] = "id"
    page = read(desk, "absence-list")
    assert "Try again" not in page
    assert "Nobody was reached" not in page


def test_absences_are_narrowed(desk: Client, away: Attendance, cohort: Cohort) -> None:
    for right in ({"cohort": cohort.pk}, {"village": cohort.village_id}, {"region": "35.24"}):
        assert "Lidia Wati" in read(desk, "absence-list", **right)
    assert "Lidia Wati" not in read(desk, "absence-list", region="52")
    assert "Lidia Wati" not in read(desk, "absence-list", cohort=cohort.pk + 1000)
    read(desk, "absence-list", status=400, village="999999")


def test_note_about_who_came_after_all_is_refused(desk: Client, away: Attendance) -> None:
    Attendance.objects.filter(pk=away.pk).update(state="present")
    assert "no longer marked absent" in read(desk, "absence-note", away.pk)
    press(desk, "absence-note", away.pk, status=409, contacted="person", outcome="leaves")
