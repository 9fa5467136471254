"""Pages around the sheet: two hands, corrections, paper, photos, the code of the room, and who keeps away."""

import gzip
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from accounts.models import User
from attendance.actions import Mark, close_session, hold_session, mark_attendance, open_check_in
from attendance.door import code_of
from attendance.models import SheetPhoto
from attendance.sheet import LETTERS, sheet_code
from programs.models import Attendance, Cohort, Enrollment, Session, Venue
from programs.states import AttendanceState
from tests.factories import (
    NOW,
    CohortFactory,
    EnrollmentFactory,
    MarkedSeatFactory,
    PersonFactory,
    SessionFactory,
    SheetPhotoFactory,
)
from tests.programs.browsing import press, read
from tests.programs.plans import history, scheduled
from villages.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


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


# -- The paper sheet --------------------------------------------------------------------------------------------------


def test_code_of_the_paper_leads_to_its_rows(desk: Client, running: Session) -> None:
    code = sheet_code(running)
    for typed_code in (code, f" {code.lower()} "):
        answer = desk.get(reverse("session-find"), {"code": typed_code})
        assert answer["Location"] == reverse("session-numbers", args=[running.pk])
    assert code in read(desk, "session-numbers", running.pk)


@pytest.mark.parametrize("code", ["", "ABCDEF", "x\0y", "Ü", "A" * 500])
def test_wrong_code_is_told(desk: Client, running: Session, code: str) -> None:
    page = read(desk, "session-find", status=404, code=code)
    assert "field-error" in page
    assert desk.post(reverse("session-find")).status_code == 405


def test_code_of_another_program_leads_nowhere(client: Client, running: Session, rina: User) -> None:
    client.force_login(rina)
    read(client, "session-find", status=404, code=sheet_code(running))
    wrong = sheet_code(running)[:-1] + LETTERS[(LETTERS.index(sheet_code(running)[-1]) + 1) % len(LETTERS)]
    read(client, "session-find", status=404, code=wrong)


@pytest.fixture
def rows(running: Session, cohort: Cohort) -> Session:
    """Five rows: Bu Lidia and four more."""
    for number in range(4):
        person = PersonFactory.create(village=cohort.village, name=f"Peserta {number}")
        Attendance.objects.create(session=running, enrollment=EnrollmentFactory.create(cohort=cohort, person=person))
    return running


def marks(session: Session) -> list[tuple[int, str, str, int, str]]:
    return [*session.seats.order_by("number").values_list("number", "state", "excuse", "minutes", "source")]


def test_rows_are_echoed_with_names_before_they_are_kept(desk: Client, rows: Session) -> None:
    given = {"rows": "1-2 3T90, 4s", "rest": "on"}
    page = press(desk, "session-numbers", rows.pk, status=200, **given)
    for words in ("Lidia Wati", "Peserta 3", "Late", "90 minutes", "Sick", "Absent", "5 people will be marked"):
        assert words in page
    assert {state for _, state, *_ in marks(rows)} == {"expected"}
    press(desk, "session-numbers", rows.pk, sure="yes", **given)
    assert marks(rows) == [
        (1, "present", "", 120, "paper"),
        (2, "present", "", 120, "paper"),
        (3, "late", "", 90, "paper"),
        (4, "excused", "sick", 0, "paper"),
        (5, "absent", "", 0, "paper"),
    ]
    assert "Sari 10.00 WIB · Paper sheet" in read(desk, "session-attendance", rows.pk)
    rows.seats.update(marked_at=NOW + timedelta(days=1))
    desk.cookies[settings.LANGUAGE_COOKIE_NAME] = "id"
    page = read(desk, "session-attendance", rows.pk)
    assert "Sari Jum, 2 Okt 2026 10.00 WIB · Daftar hadir kertas" in page
    assert "paper" not in page.lower().replace("newspaper", "")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("6", "no row 6"),
        ("1-9", "no row 6, 7, 8, 9"),
        ("x", "“x” is no row"),
        ("9X 1", "“9X” is no row"),
        ("5-1", "“5-1” is no row"),
        ("2 1-3", "Row 2 stands twice"),
        ("1S90", "is no row"),
        ("3T999", "longer than the session"),
        ("1-9999", "too many rows"),
        ("", "required"),
        ("0", "is no row"),
        ("１", "is no row"),
    ],
)
def test_wrong_rows_are_told_and_nothing_is_lost(desk: Client, rows: Session, written: str, words: str) -> None:
    page = press(desk, "session-numbers", rows.pk, status=400, rows=written, sure="yes")
    assert words in page
    assert not written or f'value="{written}"' in page
    assert {state for _, state, *_ in marks(rows)} == {"expected"}


def test_row_that_another_hand_marked_since_the_echo_is_told(
    desk: Client, running: Session, seat: Attendance, made: User
) -> None:
    mark_attendance(running, marks=[Mark(seat.enrollment_id, AttendanceState.PRESENT)], by=made, at=NOW)
    page = press(desk, "session-numbers", running.pk, status=409, rows="1A", sure="yes", **typed(seat, "", seen=0))
    assert "Lidia Wati: you marked “Absent”" in page
    assert state_of(seat) == "present"


def test_paper_corrects_a_held_session_with_a_reason(desk: Client, held: Session, seat: Attendance) -> None:
    assert "instead of Absent" in press(desk, "session-numbers", held.pk, status=200, rows="1")
    press(desk, "session-numbers", held.pk, status=400, rows="1", sure="yes")
    press(desk, "session-numbers", held.pk, rows="1", sure="yes", reason="Paper came later")
    assert state_of(seat) == "present"


# -- Photos -----------------------------------------------------------------------------------------------------------


def photo(colour: str = "white") -> SimpleUploadedFile:
    written = BytesIO()
    Image.new("RGB", (80, 60), colour).save(written, "JPEG")
    return SimpleUploadedFile("C:\\sheet.php.jpg", written.getvalue(), content_type="image/jpeg")


def test_photo_of_the_signed_sheet_is_kept_and_shown_to_who_may(
    desk: Client, client: Client, running: Session, sari: User
) -> None:
    for colour in ("white", "white", "grey"):
        press(desk, "session-photos", running.pk, photo=photo(colour))
    kept = SheetPhoto.objects.filter(session=running)
    assert kept.count() == 2, "the same page is one page"
    one = kept.earliest("at", "pk")
    assert one.by == sari
    assert str(one.file.name).startswith("sheets/")
    assert "php" not in str(one.file.name)
    answer = desk.get(reverse("photo-file", args=[one.pk]))
    assert b"".join(answer).startswith(b"\xff\xd8")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].startswith("inline")
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("sent", "words"),
    [(b"<svg/>", "JPEG, PNG or WebP"), (b"\xff\xd8\xff", "JPEG, PNG or WebP"), (b"x" * (8 * 1024 * 1024 + 1), "8 MB")],
)
def test_what_is_no_photo_is_told(desk: Client, running: Session, sent: bytes, words: str) -> None:
    page = press(desk, "session-photos", running.pk, status=400, photo=SimpleUploadedFile("a.jpg", sent))
    assert words in page
    assert not SheetPhoto.objects.exists()


def test_photo_waits_for_the_session(desk: Client, session: Session) -> None:
    press(desk, "session-photos", session.pk, status=409, photo=photo())


def test_photo_goes_with_a_reason_and_that_it_was_there_stays(
    desk: Client, running: Session, django_capture_on_commit_callbacks: Any
) -> None:
    press(desk, "session-photos", running.pk, photo=photo())
    one = SheetPhoto.objects.get()
    storage, name = one.file.storage, str(one.file.name)
    press(desk, "photo-remove", one.pk, status=400, reason=" ")
    with django_capture_on_commit_callbacks(execute=True):
        press(desk, "photo-remove", one.pk, reason="Another session's sheet")
    assert not storage.exists(name)
    assert not SheetPhoto.objects.exists()
    assert history(running)[-2:] == ["sheet_photo_kept", "sheet_photo_removed"]
    assert "Another session&#x27;s sheet" in read(desk, "session-detail", running.pk)


def test_photo_is_for_those_who_may_see_every_name(
    client: Client, running: Session, cohort: Cohort, venue: Venue, sari: User, made: User, rina: User, observer: User
) -> None:
    other = CohortFactory.create(program=cohort.program)
    EnrollmentFactory.create(cohort=other)
    joint = scheduled(cohort, None, mode="online", cohorts=[cohort, other], starts_at=NOW - timedelta(days=1), by=sari)
    mine, both = SheetPhotoFactory.create(session=running), SheetPhotoFactory.create(session=joint)
    for user, page, status in [
        (sari, mine, 409),
        (sari, both, 409),  # visible; the disk of this test has no file
        (made, mine, 409),
        (made, both, 404),
        (rina, mine, 404),
        (observer, mine, 403),
    ]:
        client.force_login(user)
        assert client.get(reverse("photo-file", args=[page.pk])).status_code == status
    client.force_login(made)
    assert client.get(reverse("photo-remove", args=[mine.pk])).status_code == 403


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
