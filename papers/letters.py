"""Undangan and surat tugas."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import translation

from common.dates import local_date, long_date, span, written_date
from common.paper import Block, Column, Facts, Grid, Leaf, Paper, Signatures, Title, Words
from mentoring.models import Assignment
from papers.models import Letter
from papers.wording import (
    BLANK,
    LANGUAGE,
    Rows,
    Stationery,
    activity_of,
    day_of,
    facts_of,
    group_of,
    groups_of,
    hours_of,
    in_words,
    number_line,
    place_of,
    printed,
    village_of,
)
from programs.models import Session

INVITED = (Column("No.", 12, "center"), Column("Nama"), Column("Kelompok", 60))
SENT = (Column("No.", 12, "center"), Column("Nama"), Column("Asal", 60))


@dataclass(frozen=True)
class Course:
    """Where a letter stands: its number, the one it replaces, and why the session moved."""

    letter: Letter | None = None
    before: Letter | None = None
    reason: str = ""

    def dated(self, at: datetime, zone: str) -> date:
        """Tell the day under the letter: when it got its number, or today."""
        return self.letter.dated_on if self.letter else local_date(at, zone)


@translation.override(LANGUAGE)
def invitation(session: Session, rows: Rows, *, course: Course, stationery: Stationery, at: datetime) -> Paper:
    """Build the invitation to a session, with the list of who is invited."""
    day = course.dated(at, session.zone)
    listed = [
        (str(place), seat.enrollment.person.name, group_of(seat.enrollment.cohort, session))
        for place, (_number, seat) in enumerate(rows, 1)
    ]
    letter: tuple[Block, ...] = (
        Words(f"{stationery.city or BLANK}, {written_date(day)}", align="right"),
        Facts(
            (
                ("Nomor", course.letter.reference if course.letter else BLANK),
                ("Sifat", "Biasa"),
                ("Lampiran", "1 (satu) berkas" if listed else "–"),
                ("Hal", "Undangan perubahan jadwal" if course.before else "Undangan"),
            )
        ),
        Words("Kepada Yth.\n" + "\n".join(f"Peserta {group}" for group in groups_of(session)) + "\ndi tempat"),
        Words("Dengan hormat,"),
        *_replaced(course),
        Words(
            f"Dalam rangka pelaksanaan program {session.program.name}, kami mengundang Bapak/Ibu"
            " untuk mengikuti kegiatan berikut:"
        ),
        Facts(facts_of(session)),
        Words("Mengingat pentingnya kegiatan ini, kami mohon Bapak/Ibu hadir tepat waktu."),
        Words(
            "Demikian undangan ini kami sampaikan. Atas perhatian dan kehadiran Bapak/Ibu, kami ucapkan terima kasih."
        ),
        Signatures(stationery.signature(day)),
    )
    attached = (*_attached(number_line(course.letter), session, listed),) if listed else ()
    return Paper("Undangan", (*letter, *attached), stationery.head, *_foot(course.letter, at, session.zone))


def _replaced(course: Course) -> tuple[Block, ...]:
    if course.before is None:
        return ()
    why = f" karena {course.reason[:1].lower()}{course.reason[1:]}" if course.reason else ""
    when = written_date(course.before.dated_on)
    return (Words(f"Surat ini menggantikan undangan Nomor {course.before.reference} tanggal {when}{why}."),)


def _attached(number: str, session: Session, listed: Sequence[tuple[str, str, str]]) -> tuple[Block, ...]:
    said = f"{number}\n{activity_of(session)}, {long_date(day_of(session))}"
    return (Leaf(), Title("Lampiran: daftar undangan", said), Grid(INVITED, listed))


@translation.override(LANGUAGE)
def assignment_of_trainers(session: Session, *, course: Course, stationery: Stationery, at: datetime) -> Paper:
    """Build the letter that sends the trainers of a session to teach it."""
    trainers = sorted(session.trainers.all(), key=lambda each: (each.name, each.pk))
    sent = [(str(place), each.name, each.organisation or "–") for place, each in enumerate(trainers, 1)]
    count = f"{len(sent)} ({in_words(len(sent))})"
    blocks: tuple[Block, ...] = (
        Title("Surat tugas", number_line(course.letter)),
        *_basis(session.program.name, stationery),
        *_replaced_task(course),
        Words(f"menugaskan {count} orang narasumber berikut:"),
        Grid(SENT, sent),
        Words("untuk melaksanakan tugas:"),
        Facts(
            (
                ("Kegiatan", activity_of(session)),
                ("Peserta", "\n".join(groups_of(session))),
                ("Hari, tanggal", long_date(day_of(session))),
                ("Pukul", hours_of(session)),
                ("Tempat", place_of(session)),
            )
        ),
        *_closing(stationery, course.dated(at, session.zone)),
    )
    return Paper("Surat tugas", blocks, stationery.head, *_foot(course.letter, at, session.zone))


def _replaced_task(course: Course) -> tuple[Block, ...]:
    if course.before is None:
        return ()
    when = written_date(course.before.dated_on)
    return (Words(f"menggantikan surat tugas Nomor {course.before.reference} tanggal {when},"),)


@translation.override(LANGUAGE)
def assignment_of_mentor(
    assignment: Assignment, *, program: str, letter: Letter | None, stationery: Stationery, at: datetime
) -> Paper:
    """Build the letter that sends a mentor to a village."""
    village = assignment.village
    zone = village.zone
    until = span(assignment.starts_on, assignment.ends_on) if assignment.ends_on else ""
    blocks: tuple[Block, ...] = (
        Title("Surat tugas", number_line(letter)),
        *_basis(program, stationery),
        Words("menugaskan:"),
        Facts((("Nama", assignment.mentor.name), ("Sebagai", "Pendamping desa"))),
        Words("untuk melaksanakan tugas:"),
        Facts(
            (
                ("Tugas", f"Mendampingi {village_of(village.region)} dalam program {program}"),
                ("Lokasi", village.place),
                ("Masa tugas", until or f"Mulai {written_date(assignment.starts_on)} sampai dengan selesai"),
            )
        ),
        *_closing(stationery, letter.dated_on if letter else local_date(at, zone)),
    )
    return Paper("Surat tugas", blocks, stationery.head, *_foot(letter, at, zone))


def _basis(program: str, stationery: Stationery) -> tuple[Block, ...]:
    who = stationery.position if stationery.signer else stationery.head.organiser
    return (Words(f"Dalam rangka pelaksanaan program {program}, {who} dengan ini"),)


def _closing(stationery: Stationery, day: date) -> tuple[Block, ...]:
    return (
        Words("Demikian surat tugas ini dibuat untuk dilaksanakan dengan penuh tanggung jawab."),
        Signatures(stationery.signature(day)),
    )


def _foot(letter: Letter | None, at: datetime, zone: str) -> tuple[str, str]:
    return (f"Nomor {letter.reference}" if letter else "Belum bernomor", printed(at, zone))
