"""Pages of papers: who may, what stands there, and what is said when it cannot be done."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader

from accounts.models import User
from attendance.actions import Mark, close_session, correct_attendance
from common.models import Event
from mentoring.models import Assignment
from papers.actions import close_minutes
from papers.models import Letter, Letterhead, Minutes
from papers.states import PaperKind
from programs.models import Cohort, Program, Session, Trainer, Venue
from programs.states import AttendanceState
from tests.papers.sessions import LATE, held, letterhead, minuted, promised, seated
from tests.programs.browsing import press, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
TYPED = {
    "organiser": "Pemerintah Kabupaten Lamongan",
    "city": "Lamongan",
    "signer": "Drs. Hartono",
    "invitation_format": "005/{number}/413.114/{year}",
    "assignment_format": "094/{number}",
    "minutes_format": "BA/{number}",
}
SLUGS = {
    "assignment-letter": "surat-tugas",
    "invitation": "undangan",
    "attendance-sheet": "daftar-hadir",
    "attendance-record": "rekap-kehadiran",
    "minutes": "berita-acara",
}
OF_SESSION = [
    ("session-papers", ()),
    ("session-bundle", ()),
    ("paper-page", ("attendance-sheet",)),
    ("paper-pdf", ("attendance-sheet",)),
    ("minutes-edit", ()),
]


@pytest.fixture
def desk(reader: Client, sari: User) -> Client:
    """Sari's browser."""
    reader.force_login(sari)
    return reader


@pytest.fixture
def session(cohort: Cohort, venue: Venue, trainer: Trainer, sari: User) -> Session:
    """Seven weavers are promised a session."""
    seated(cohort, 7)
    return promised(cohort, venue, trainer, sari)


def logo() -> SimpleUploadedFile:
    image = BytesIO()
    Image.new("RGBA", (900, 900), (0, 90, 60, 128)).save(image, "PNG")
    return SimpleUploadedFile("logo.png", image.getvalue(), "image/png")


# -- Who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "rest"), OF_SESSION, ids=[name for name, _ in OF_SESSION])
def test_papers_of_others_are_not_there_and_readers_of_figures_print_nothing(
    client: Client, session: Session, rina: User, ina: User, joko: User, observer: User, name: str, rest: tuple[str]
) -> None:
    address = reverse(name, args=[session.pk, *rest])
    for user, status in ((rina, 404), (ina, 403 if name == "session-bundle" else 404), (joko, 403), (observer, 403)):
        client.force_login(user)
        assert client.get(address).status_code == status, user.name
    client.logout()
    assert client.get(address).status_code == 302


def test_mentor_prints_and_does_not_number(client: Client, session: Session, made: User, program: Program) -> None:
    client.force_login(made)
    assert client.get(reverse("paper-pdf", args=[session.pk, "attendance-sheet"])).status_code == 200
    for name, rest in (
        ("paper-number", [session.pk, "invitation"]),
        ("minutes-close", [session.pk]),
        ("letterhead", [program.pk]),
        ("assignment-number", [Assignment.objects.get(mentor=made).pk]),
    ):
        assert client.post(reverse(name, args=rest)).status_code == 403, name
    assert client.get(reverse("session-bundle", args=[session.pk])).status_code == 403


def test_letterhead_of_others_is_not_there(client: Client, program: Program, rina: User) -> None:
    client.force_login(rina)
    assert client.get(reverse("letterhead", args=[program.pk])).status_code == 404


# -- The shelf --------------------------------------------------------------------------------------------------------


def test_session_page_shows_its_papers(desk: Client, session: Session, client: Client, joko: User) -> None:
    page = read(desk, "session-detail", session.pk)
    assert f'href="/sessions/{session.pk}/papers/invitation/"' in page
    assert "No number yet" in page
    assert "There is nothing to tell before the session was held." in page
    desk.force_login(joko)
    assert 'id="papers"' not in read(desk, "session-detail", session.pk)


def test_shelf_page_lists_what_is_missing_and_who_brings_it(desk: Client, session: Session, sari: User) -> None:
    page = read(desk, "session-papers", session.pk)
    assert "4 pieces are missing. The zip names them in DAFTAR-ISI.txt." in page
    assert "bundle.zip" in page
    held(session, sari)
    page = read(desk, "session-papers", session.pk)
    for cure in ("minutes", "photos"):
        assert f'<a class="small" href="/sessions/{session.pk}/{cure}/">' in page


@pytest.mark.parametrize("name", ["session-detail", "session-papers"])
def test_pages_take_the_same_queries_for_1_and_7_letters(desk: Client, session: Session, sari: User, name: str) -> None:
    minuted(held(session, sari), sari)
    counts = []
    for kind in ("", PaperKind.INVITATION, PaperKind.ASSIGNMENT):
        if kind:
            press(desk, "paper-number", session.pk, kind)
        read(desk, name, session.pk)
        with CaptureQueriesContext(connection) as queries:
            read(desk, name, session.pk)
        counts.append(len(queries))
    assert len(set(counts)) == 1


# -- A paper ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "slug"), SLUGS.items())
def test_paper_is_a_page_and_a_pdf_of_the_same_words(
    desk: Client, session: Session, sari: User, kind: str, slug: str
) -> None:
    minuted(held(session, sari), sari)
    page = read(desk, "paper-page", session.pk, kind)
    answer = desk.get(reverse("paper-pdf", args=[session.pk, kind]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'inline; filename="{slug}-{session.pk}.pdf"'
    written = " ".join("".join(each.extract_text() for each in PdfReader(BytesIO(answer.content)).pages).split())
    for said in ("Kamis, ", "Pewarna alami (modul Desain)", "Balai Desa Parengan", "Pak Wayan"):
        assert said in page
        assert said in written
    assert '<article class="paper" lang="id">' in page
    assert "data-print" in page


def test_paper_that_is_not_there_says_why(desk: Client, session: Session) -> None:
    for name in ("paper-page", "paper-pdf"):
        assert "before the session was held" in read(desk, name, session.pk, "minutes", status=409)
        read(desk, name, session.pk, "receipt", status=404)


def test_printing_a_sheet_is_kept_in_the_history(desk: Client, session: Session, sari: User) -> None:
    read(desk, "paper-page", session.pk, "invitation")
    read(desk, "paper-page", session.pk, "attendance-sheet")
    desk.get(reverse("paper-pdf", args=[session.pk, "attendance-sheet"]))
    kept = Event.objects.filter(verb="numbers_printed")
    assert [(event.by, event.facts) for event in kept] == [(sari, {"rows": 7})] * 2
    assert "Attendance sheet printed" in read(desk, "session-detail", session.pk)


def test_mentor_of_one_village_prints_their_rows(
    client: Client, session: Session, made: User, ina: User, cohort: Cohort
) -> None:
    client.force_login(made)
    assert "Penenun 7" in read(client, "paper-page", session.pk, "attendance-sheet")


def test_letter_gets_its_number_once(desk: Client, session: Session) -> None:
    for _ in range(2):
        press(desk, "paper-number", session.pk, "invitation")
    assert Letter.objects.count() == 1
    page = read(desk, "paper-page", session.pk, "invitation")
    assert "005/1/2026" in page
    assert "Give it a number" not in page
    press(desk, "paper-number", session.pk, "attendance-sheet", status=404)
    press(desk, "paper-number", session.pk, "minutes", status=404)


def test_bundle_is_streamed(desk: Client, session: Session) -> None:
    answer = desk.get(reverse("session-bundle", args=[session.pk]))
    assert answer.streaming
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert content.startswith(b"PK")
    assert answer["Content-Disposition"].startswith('attachment; filename="spj-2026-10-08-')
    assert Event.objects.get(verb="bundle_taken").facts == {"rows": 7}


# -- Mentors ----------------------------------------------------------------------------------------------------------


def test_assignment_is_a_letter(desk: Client, cohort: Cohort, made: User, rina: User) -> None:
    assignment = Assignment.objects.get(mentor=made)
    listed = read(desk, "village-mentors", assignment.village_id)
    assert f'href="/assignments/{assignment.pk}/letter/"' in listed
    press(desk, "assignment-number", assignment.pk)
    page = read(desk, "assignment-letter", assignment.pk)
    assert "094/1/2026" in page
    assert "Mendampingi Desa Parengan" in page
    answer = desk.get(reverse("assignment-pdf", args=[assignment.pk]))
    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Disposition"] == f'inline; filename="surat-tugas-pendamping-{assignment.pk}.pdf"'
    desk.force_login(rina)
    read(desk, "assignment-letter", assignment.pk, status=404)


def test_mentor_reads_their_own_letter_and_no_other(reader: Client, cohort: Cohort, made: User, ina: User) -> None:
    reader.force_login(made)
    read(reader, "assignment-letter", Assignment.objects.get(mentor=made).pk)
    read(reader, "assignment-letter", Assignment.objects.get(mentor=ina).pk, status=404)
    reader.force_login(ina)
    said = read(reader, "assignment-letter", Assignment.objects.get(mentor=ina).pk, status=409)
    assert "in no program yet" in said


# -- The letterhead ---------------------------------------------------------------------------------------------------


def test_letterhead_is_typed_and_shown(desk: Client, program: Program) -> None:
    assert "Disperindag" in read(desk, "letterhead", program.pk)
    press(desk, "letterhead", program.pk, **TYPED, logo=logo())
    kept = Letterhead.objects.get()
    with Image.open(BytesIO(bytes(kept.logo))) as image:
        assert (image.format, image.size) == ("JPEG", (480, 480))
    page = read(desk, "letterhead", program.pk)
    assert "Pemerintah Kabupaten Lamongan" in page
    assert "data:image/jpeg;base64," in page
    press(desk, "letterhead", program.pk, **TYPED)
    assert Letterhead.objects.get().logo == kept.logo
    press(desk, "letterhead", program.pk, **TYPED, without_logo="on")
    assert bytes(Letterhead.objects.get().logo) == b""


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"organiser": ""}, "required"),
        ({"email": "x"}, "valid email"),
        ({"invitation_format": "005"}, "Write {number} once"),
        ({"logo": SimpleUploadedFile("logo.png", b"no picture")}, "JPEG, PNG or WebP"),
        ({"address": "x" * 301}, "at most 300"),
    ],
)
def test_letterhead_that_is_typed_wrong_is_shown_again(
    desk: Client, program: Program, wrong: dict[str, object], word: str
) -> None:
    page = press(desk, "letterhead", program.pk, status=400, **{**TYPED, "signer": "Kept words", **wrong})
    assert word in page
    assert "Kept words" in page
    assert not Letterhead.objects.exists()


def test_logo_is_on_paper(desk: Client, session: Session, program: Program, sari: User) -> None:
    press(desk, "letterhead", program.pk, **TYPED, logo=logo())
    answer = desk.get(reverse("paper-pdf", args=[session.pk, "invitation"]))
    assert len(PdfReader(BytesIO(answer.content)).pages[0].images) == 1


# -- Minutes ----------------------------------------------------------------------------------------------------------


def test_minutes_are_written_closed_and_read(desk: Client, session: Session, sari: User, program: Program) -> None:
    assert "before the session was held" in read(desk, "minutes-edit", session.pk, status=409)
    held(session, sari)
    assert 'name="version" value="0"' in read(desk, "minutes-edit", session.pk)
    press(desk, "minutes-edit", session.pk, results="Tiga contoh kain", version=0)
    stale = press(desk, "minutes-edit", session.pk, results="Dari tab kedua", version=0, status=409)
    assert "Someone else changed this" in stale
    assert "Dari tab kedua" in stale
    assert "Last written by Sari" in read(desk, "minutes-edit", session.pk)
    assert "Close the attendance sheet first" in press(desk, "minutes-close", session.pk, status=409)
    close_session(session, by=sari, at=LATE)
    press(desk, "minutes-close", session.pk)
    assert "BA/1/2026" in read(desk, "paper-page", session.pk, "minutes")
    assert "they no longer change" in read(desk, "minutes-edit", session.pk)
    press(desk, "minutes-edit", session.pk, results="Terlambat", version=1, status=409)
    press(desk, "minutes-close", session.pk, status=409)
    assert Minutes.objects.get().results == "Tiga contoh kain"


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "The sheet was corrected after these minutes were closed."), ("id", "dikoreksi setelah berita acara ini")],
)
def test_page_says_that_the_sheet_was_corrected_after_closing_and_the_paper_does_not(
    desk: Client, session: Session, sari: User, language: str, said: str
) -> None:
    desk.cookies["django_language"] = language
    minutes = minuted(held(session, sari, closed=True), sari)
    close_minutes(minutes, by=sari, at=LATE)
    assert said not in read(desk, "paper-page", session.pk, "minutes")
    absent = session.seats.get(state=AttendanceState.ABSENT)
    mark = Mark(absent.enrollment_id, AttendanceState.PRESENT, None, "")
    correct_attendance(session, marks=[mark], reason="Salah baca", by=sari, at=LATE)
    page = read(desk, "paper-page", session.pk, "minutes")
    around, paper = page.split('<article class="paper"')
    assert said in around
    assert said not in paper
    assert "4 orang, 1 di antaranya terlambat" in paper
    assert said not in read(desk, "paper-page", session.pk, "attendance-record")


def test_minutes_without_results_are_asked_for(desk: Client, session: Session, sari: User) -> None:
    held(session, sari)
    page = press(desk, "minutes-edit", session.pk, results="", follow_up="Kept words", version=0, status=400)
    assert "required" in page
    assert "Kept words" in page
    press(desk, "minutes-close", session.pk, status=404)


def test_pages_speak_both_languages(client: Client, session: Session, sari: User, program: Program) -> None:
    letterhead(program, sari)
    held(session, sari)
    client.force_login(sari)
    for name, rest in (("session-papers", [session.pk]), ("letterhead", [program.pk]), ("minutes-edit", [session.pk])):
        for language in ("id", "en"):
            client.cookies["django_language"] = language
            assert f'lang="{language}"' in read(client, name, *rest)
