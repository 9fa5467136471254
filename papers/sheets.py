"""Daftar hadir: the sheet that is signed, and what was marked."""

from datetime import datetime

from django.utils import translation

from attendance.sheet import BLANK_ROWS, sheet_code
from common.paper import Code, Column, Facts, Grid, Half, Paper, Signature, Signatures, Title
from common.phones import mask_phone
from papers.wording import (
    LANGUAGE,
    Rows,
    Stationery,
    chief_of,
    day_of,
    facts_of,
    group_of,
    groups_of,
    printed,
)
from programs.models import Attendance, Session
from programs.states import AttendanceState, Excuse
from villages.models import Person
from villages.states import Relation

MARKS = {
    AttendanceState.EXPECTED: "–",
    AttendanceState.PRESENT: "Hadir",
    AttendanceState.LATE: "Terlambat",
    AttendanceState.EXCUSED: "Izin",
    AttendanceState.ABSENT: "Tanpa keterangan",
}
SIGNED = (
    Column("No.", 10, "center"),
    Column("Nama"),
    Column("Kelompok", 30),
    Column("No. HP", 28),
    Column("Tanda tangan", 44),
    Column("Ket.", 14),
)
MARKED = (
    Column("No.", 10, "center"),
    Column("Nama"),
    Column("Kelompok", 34),
    Column("Kehadiran", 32),
    Column("Menit", 16, "center"),
)


@translation.override(LANGUAGE)
def attendance_sheet(session: Session, rows: Rows, *, stationery: Stationery, entry: str, at: datetime) -> Paper:
    """Build the sheet to sign: row numbers that stay, masked numbers, blank rows, and the way to the entry page."""
    code = sheet_code(session)
    named = [
        (
            str(number),
            seat.enrollment.person.name,
            group_of(seat.enrollment.cohort, session),
            number_of(seat.enrollment.person),
        )
        for number, seat in rows
    ]
    blank = [(f"+{place}", "", "", "") for place in range(1, BLANK_ROWS + 1)]
    lines = [(*row, _hand(place, row[0]), "") for place, row in enumerate([*named, *blank], 1)]
    facts = (*facts_of(session), ("Peserta", "\n".join(groups_of(session))))
    return Paper(
        f"Daftar hadir {code}",
        (
            Title("Daftar hadir", session.program.name),
            Facts(facts, Code(entry, f"Lembar {code}", side=24)),
            Grid(SIGNED, lines, height=9),
            Signatures(
                stationery.signature(day_of(session)),
                Signature(chief_of(session), above="Mengetahui,"),
            ),
        ),
        stationery.head,
        f"Lembar {code}",
        printed(at, session.zone),
    )


def _hand(place: int, label: str) -> str | Half:
    """Number the signatures zig-zag, so that two hands never share a place."""
    text = f"{label} ..............."
    return text if place % 2 else Half(text)


def number_of(person: Person) -> str:
    """Mask a person's own number, else the first that reaches them."""
    phones = (each for each in person.contacts.all() if not each.contact_point.is_email)
    contacts = sorted(phones, key=lambda each: (each.relation != Relation.OWN, each.pk))
    return mask_phone(contacts[0].contact_point.number) if contacts else "–"


@translation.override(LANGUAGE)
def attendance_record(session: Session, rows: Rows, *, stationery: Stationery, at: datetime) -> Paper:
    """Build the sheet as it was marked."""
    lines = [
        (
            str(number),
            seat.enrollment.person.name,
            group_of(seat.enrollment.cohort, session),
            mark_of(seat),
            str(seat.minutes) if seat.minutes else "–",
        )
        for number, seat in rows
    ]
    code = sheet_code(session)
    return Paper(
        f"Rekap kehadiran {code}",
        (
            Title("Rekap kehadiran", session.program.name),
            Facts((*facts_of(session), ("Peserta", "\n".join(groups_of(session))))),
            Grid(MARKED, lines),
            Signatures(stationery.signature(day_of(session))),
        ),
        stationery.head,
        f"Lembar {code}",
        printed(at, session.zone),
    )


def mark_of(seat: Attendance) -> str:
    """Say what was marked, with sickness by its own word."""
    return "Sakit" if seat.excuse == Excuse.SICK else MARKS[AttendanceState(seat.state)]
