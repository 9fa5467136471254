"""The sheet on paper: entry by row numbers, and photos of what was signed."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import User
from attendance.actions import Mark, mark_attendance
from attendance.models import SheetPhoto
from attendance.sheet import LETTERS, sheet_code
from programs.models import Attendance, Cohort, Session, Venue
from programs.states import AttendanceState
from tests.factories import (
    NOW,
    CohortFactory,
    EnrollmentFactory,
    PersonFactory,
    SheetPhotoFactory,
)
from tests.programs.browsing import press, read
from tests.programs.plans import history, scheduled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def typed(seat: Attendance, value: str, seen: int = 0, **other: Any) -> dict[str, Any]:
    return {f"seat-{seat.enrollment_id}": value, f"seen-{seat.enrollment_id}": seen, **other}


def state_of(seat: Attendance) -> str:
    seat.refresh_from_db()
    return seat.state


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
