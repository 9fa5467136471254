"""The letterhead of Lamongan, with an invented signer, and what was written and numbered for its sessions."""

from datetime import datetime, timedelta
from typing import Any, Final

from accounts.models import User
from config.demo.story import Story
from papers.actions import close_minutes, number_assignment, number_paper, save_letterhead, write_minutes
from papers.states import PaperKind
from programs.models import Program, Session
from programs.states import SessionState

LETTERHEAD: Final[dict[str, Any]] = {
    "organiser": "Pemerintah Kabupaten Lamongan",
    "unit": "Dinas Perindustrian dan Perdagangan",
    "address": "Jalan Contoh Nomor 1, Lamongan",
    "email": "disperindag@demo.test",
    "city": "Lamongan",
    "signer": "Drs. Hartono Wibisono, M.Si.",
    "position": "Kepala Dinas",
    "signer_number": "19700101 199503 1 999",
    "invitation_format": "005/{number}/413.114/{year}",
    "assignment_format": "094/{number}/413.114/{year}",
    "minutes_format": "BA/{number}/{month}/{year}",
}
CLOSED, HELD = "Menulis cerita di balik kain", "Nama dan label bersama"
WORDS: Final[dict[str, dict[str, Any]]] = {
    CLOSED: {
        "results": "Setiap rumah tenun menulis satu cerita tentang kainnya\n"
        "Lima cerita dipilih untuk dicetak pada kartu gantung",
        "obstacles": "Sebagian peserta belum terbiasa mengetik di HP",
        "follow_up": "Kelompok mencetak kartu gantung sebelum pertemuan berikutnya",
        "witness": "Suparman",
    },
    HELD: {
        "results": "Nama bersama “Tenun Parengan” disepakati\nTiga contoh label dibuat dan dibandingkan",
        "follow_up": "Ibu Endah mengirim berkas label ke percetakan",
        "witness": "Suparman",
    },
}


def tell_papers(story: Story, program: Program, *, by: User, field: User) -> None:
    """Put the papers of one program into the story: the letterhead first, the words when a session was over."""
    story.then(story.at - timedelta(days=100), lambda at: _begin(program, by=by, at=at))
    story.then(story.at - timedelta(hours=2), lambda at: _write(program, by=by, field=field, at=at))


def _begin(program: Program, *, by: User, at: datetime) -> None:
    save_letterhead(program, **LETTERHEAD, by=by, at=at)
    for cohort in program.cohorts.select_related("village").order_by("pk"):
        for assignment in cohort.village.assignments.order_by("pk"):
            number_assignment(assignment, program=program, by=by, at=at)


def _write(program: Program, *, by: User, field: User, at: datetime) -> None:
    coming = program.sessions.upcoming(at).order_by("starts_at", "pk").first()
    if coming is not None:
        for kind in (PaperKind.ASSIGNMENT, PaperKind.INVITATION):
            number_paper(coming, kind=kind, by=by, at=at)
    for topic, words in WORDS.items():
        _minute(program.sessions.delivered().filter(topic=topic).first(), words, by=by, field=field, at=at)


def _minute(session: Session | None, words: dict[str, Any], *, by: User, field: User, at: datetime) -> None:
    if session is None:
        return
    kept = write_minutes(session, **words, by=field, at=at)
    if session.state == SessionState.CLOSED:
        close_minutes(kept, by=by, at=at)
