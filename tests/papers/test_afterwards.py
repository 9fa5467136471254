"""What happens after a paper was given out changes neither the paper nor what it was true of."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection

from accounts.models import User
from attendance.actions import Mark, add_walk_in, correct_attendance
from papers.actions import close_minutes
from papers.models import Minutes
from papers.states import PaperKind
from programs.models import Cohort, Program, Session, Trainer, Venue
from programs.states import AttendanceState
from progress.measures import count_sheet
from tests.factories import NOW, reachable_person
from tests.papers.sessions import LATE, held, letterhead, minuted, pages, promised, seated, shelf_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(program: Program, cohort: Cohort, venue: Venue, trainer: Trainer, sari: User) -> Session:
    """Seven weavers are promised Thursday, 8 October, under a letterhead."""
    letterhead(program, sari)
    seated(cohort, 7)
    return promised(cohort, venue, trainer, sari)


def test_closed_minutes_keep_their_figures_when_a_mark_is_corrected(session: Session, sari: User) -> None:
    kept = minuted(held(session, sari, closed=True), sari)
    close_minutes(kept, by=sari, at=NOW)
    assert kept.figures == {"present": 3, "late": 1, "sick": 1, "leave": 1, "absent": 1, "unmarked": 0, "seats": 7}
    before = pages(shelf_of(session, sari), PaperKind.MINUTES)
    assert not shelf_of(session, sari).corrected
    correct(session, sari)
    assert count_sheet(session.pk).absent == 0
    assert pages(shelf_of(session, sari), PaperKind.MINUTES) == before
    assert shelf_of(session, sari).corrected


def test_open_minutes_follow_the_sheet(session: Session, sari: User) -> None:
    minuted(held(session, sari), sari)
    correct(session, sari)
    shelf = shelf_of(session, sari)
    assert "Hadir : 5 orang" in pages(shelf, PaperKind.MINUTES)[0]
    assert not shelf.corrected


def test_minutes_closed_before_figures_were_kept_are_given_those_of_their_sheet(session: Session, sari: User) -> None:
    kept = minuted(held(session, sari, closed=True), sari)
    close_minutes(kept, by=sari, at=NOW)
    Minutes.objects.update(figures={})
    with connection.cursor() as cursor:
        cursor.execute(import_module("papers.migrations.0003_frozen_figures").FREEZE)
    assert Minutes.objects.get().figures == kept.figures


def correct(session: Session, sari: User) -> None:
    absent = session.seats.get(state=AttendanceState.ABSENT)
    mark = Mark(absent.enrollment_id, AttendanceState.PRESENT, None, "")
    correct_attendance(session, marks=[mark], reason="Salah baca", by=sari, at=LATE)


def test_invitation_leaves_out_who_came_unasked(session: Session, cohort: Cohort, sari: User) -> None:
    guest = reachable_person(cohort.village, name="Tamu Mendadak")
    add_walk_in(session, cohort=cohort, person=guest, by=sari, at=session.starts_at)
    _letter, attached = pages(shelf_of(session, sari), PaperKind.INVITATION)
    assert "Tamu Mendadak" not in attached
    assert "7 Penenun 7 Angkatan 1" in attached
    assert "Tamu Mendadak" in "".join(pages(shelf_of(session, sari), PaperKind.SHEET))


def test_invitation_lists_a_walk_in_where_they_were_invited(
    session: Session, cohort: Cohort, venue: Venue, trainer: Trainer, sari: User
) -> None:
    guest = reachable_person(cohort.village, name="Tamu Mendadak")
    add_walk_in(session, cohort=cohort, person=guest, by=sari, at=session.starts_at)
    later = promised(cohort, venue, trainer, sari, starts_at=session.starts_at + timedelta(days=7))
    assert "Tamu Mendadak" in "".join(pages(shelf_of(later, sari), PaperKind.INVITATION))
