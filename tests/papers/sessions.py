"""Sessions with papers: seats, letterhead and minutes around them."""

from datetime import timedelta
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from accounts.models import User
from attendance.actions import Mark, close_session, hold_session, mark_attendance
from papers.actions import save_letterhead, write_minutes
from papers.models import Letterhead, Minutes
from papers.shelf import Shelf, with_what_is_printed
from papers.states import PaperKind
from programs.models import Cohort, Program, Session, Trainer, Venue
from programs.states import AttendanceState, Excuse
from tests.factories import NOW, EnrollmentFactory, reachable_person
from tests.programs.plans import scheduled

BASE = "https://desa.example.org"
LATE = NOW + timedelta(days=9)  # after every session of plans
RESULTS = "Peserta membuat tiga contoh kain\nHarga pokok dihitung bersama"


def seated(cohort: Cohort, count: int, name: str = "Penenun {n}") -> None:
    """Have so many people with a number of their own in the cohort."""
    for n in range(1, count + 1):
        EnrollmentFactory.create(cohort=cohort, person=reachable_person(cohort.village, name=name.format(n=n)))


def promised(cohort: Cohort, venue: Venue, trainer: Trainer, sari: User, **columns: Any) -> Session:
    """Schedule a session for Thursday, 8 October 2026, 10.00 WIB."""
    given: dict[str, Any] = {"trainers": [trainer], "topic": "Pewarna alami", **columns}
    return scheduled(cohort, venue, by=sari, **given)


def held(session: Session, sari: User, *, closed: bool = False) -> Session:
    """Mark everybody: the first late, the second sick, the third on leave, the fourth absent, the others present."""
    odd = (
        (AttendanceState.LATE, ""),
        (AttendanceState.EXCUSED, Excuse.SICK),
        (AttendanceState.EXCUSED, Excuse.LEAVE),
        (AttendanceState.ABSENT, ""),
    )
    marks = [
        Mark(seat.enrollment_id, *_said(odd, place))
        for place, seat in enumerate(session.seats.order_by("number", "pk"))
    ]
    mark_attendance(session, marks=marks, by=sari, at=LATE)
    session.refresh_from_db()
    hold_session(session, by=sari, at=LATE, nobody_came=not marks)
    if closed:
        close_session(session, by=sari, at=LATE)
    return session


def _said(odd: Any, place: int) -> tuple[str, None, str]:
    state, excuse = odd[place] if place < len(odd) else (AttendanceState.PRESENT, "")
    return state, None, excuse


def letterhead(program: Program, by: User, **columns: Any) -> Letterhead:
    """Give the program a letterhead."""
    given = {
        "organiser": "Pemerintah Kabupaten Lamongan",
        "unit": "Dinas Perindustrian dan Perdagangan",
        "address": "Jalan Contoh Nomor 1, Lamongan",
        "phone": "(0322) 000000",
        "city": "Lamongan",
        "signer": "Drs. Hartono Wibisono, M.Si.",
        "position": "Kepala Dinas",
        "signer_number": "19700101 199503 1 001",
        "invitation_format": "005/{number}/413.114/{year}",
        "assignment_format": "094/{number}/{month}/{year}",
        **columns,
    }
    return save_letterhead(program, **given, by=by, at=NOW)


def minuted(session: Session, by: User, **words: str) -> Minutes:
    """Write the minutes of a session."""
    given: dict[str, Any] = {
        "results": RESULTS,
        "follow_up": "Bu Lidia mengirim contoh kain",
        "witness": "Suparman",
        **words,
    }
    return write_minutes(session, by=by, at=LATE, **given)


def shelf_of(session: Session, reader: User) -> Shelf:
    """Open the shelf of a session as it now stands."""
    row = with_what_is_printed(Session.objects.all()).get(pk=session.pk)
    return Shelf(row, reader=reader, at=NOW, base_url=BASE)


def pages(shelf: Shelf, kind: PaperKind) -> list[str]:
    """Read the text of a paper's PDF, page by page, on one line each."""
    written = BytesIO()
    shelf.write(kind, written)
    return [" ".join(page.extract_text().split()) for page in PdfReader(written).pages]
