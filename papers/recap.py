"""Rekap kehadiran as a workbook: real days, times and numbers, text as text, the same bytes for the same rows."""

from datetime import datetime
from typing import Any, BinaryIO, Final

from django.utils import translation

from common.sheets import Tab, write_steady
from common.zones import tz
from papers.sheets import mark_of
from papers.wording import LANGUAGE, Rows, activity_of, day_of
from programs.models import Attendance, Session

HEADER: Final = (
    *(("No.", 6), ("Nama", 36), ("Desa", 22), ("Kelompok", 20), ("Kegiatan", 36), ("Tanggal", 13)),
    *(("Mulai", 8), ("Selesai", 8), ("Kehadiran", 18), ("Menit", 8)),
)


@translation.override(LANGUAGE)
def write_recap(session: Session, rows: Rows, *, at: datetime, to: BinaryIO) -> None:
    """Write the attendance of a session, one row per seat; no telephone numbers."""
    names, widths = zip(*HEADER, strict=True)
    lines = [_values(session, number, seat) for number, seat in rows]
    write_steady(to, [Tab("Rekap kehadiran", names, lines, widths, freeze="C2")], at=at)


def _values(session: Session, number: int, seat: Attendance) -> tuple[Any, ...]:
    person, cohort, zone = seat.enrollment.person, seat.enrollment.cohort, tz(session.zone)
    starts, ends = (moment.astimezone(zone).time() for moment in (session.starts_at, session.ends_at))
    what = (person.name, cohort.village.name, cohort.name, activity_of(session))
    return (number, *what, day_of(session), starts, ends, mark_of(seat), seat.minutes)
