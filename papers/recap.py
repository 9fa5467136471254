"""Rekap kehadiran as a workbook: real days, times and numbers, text as text, the same bytes for the same rows."""

from datetime import date, datetime, time
from io import BytesIO
from typing import Any, BinaryIO, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils import translation
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from common.zones import tz
from papers.sheets import mark_of
from papers.wording import LANGUAGE, Rows, activity_of, day_of
from programs.models import Attendance, Session

HEADER: Final = (
    *(("No.", 6), ("Nama", 36), ("Desa", 22), ("Kelompok", 20), ("Kegiatan", 36), ("Tanggal", 13)),
    *(("Mulai", 8), ("Selesai", 8), ("Kehadiran", 18), ("Menit", 8)),
)
FORMATS: Final[dict[type[Any], str]] = {date: "DD/MM/YYYY", time: "HH:MM"}
EARLIEST: Final = (1980, 1, 1, 0, 0, 0)  # as early as a zip can say


@translation.override(LANGUAGE)
def write_recap(session: Session, rows: Rows, *, at: datetime, to: BinaryIO) -> None:
    """Write the attendance of a session, one row per seat; no telephone numbers."""
    book = Workbook()
    book.properties.created = book.properties.modified = at.replace(tzinfo=None)
    page = book.active
    page.title = "Rekap kehadiran"
    page.append([title for title, _width in HEADER])
    for line, (number, seat) in enumerate(rows, 2):
        for column, value in enumerate(_values(session, number, seat), 1):
            _write(page, line, column, value)
    _dress(page)
    _steady(book, to)


def _values(session: Session, number: int, seat: Attendance) -> tuple[Any, ...]:
    person, cohort, zone = seat.enrollment.person, seat.enrollment.cohort, tz(session.zone)
    starts, ends = (moment.astimezone(zone).time() for moment in (session.starts_at, session.ends_at))
    what = (person.name, cohort.village.name, cohort.name, activity_of(session))
    return (number, *what, day_of(session), starts, ends, mark_of(seat), seat.minutes)


def _write(page: Worksheet, line: int, column: int, value: Any) -> None:
    cell = page.cell(line, column, value)
    if isinstance(value, str):
        cell.data_type, cell.quotePrefix = "s", value[:1] in "=+-@"  # a name is never a formula
    elif type(value) in FORMATS:
        cell.number_format = FORMATS[type(value)]


def _dress(page: Worksheet) -> None:
    page.freeze_panes = "C2"
    page.auto_filter.ref = page.dimensions
    for place, (_title, width) in enumerate(HEADER, 1):
        page.column_dimensions[get_column_letter(place)].width = width
        page.cell(1, place).font = Font(bold=True)


def _steady(book: Workbook, to: BinaryIO) -> None:
    """Write the workbook without the clock that its zip carries."""
    written = BytesIO()
    book.save(written)
    with ZipFile(written) as made, ZipFile(to, "w") as kept:
        for name in made.namelist():
            content = made.read(name)
            kept.writestr(ZipInfo(name, EARLIEST), content, ZIP_DEFLATED)
