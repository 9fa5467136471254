"""The sheet between page and action: seats as lines, what was pressed as marks, crossed marks as sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from attendance.actions import Crossed, Mark
from attendance.sheet import sheet_rows
from common.dates import at_clock, local_date, short_date
from programs.models import Attendance, Session
from programs.states import CAME, AttendanceSource, AttendanceState, Excuse

CHOICES: Final = (
    (AttendanceState.PRESENT, AttendanceState.PRESENT, Excuse.NONE),
    (AttendanceState.LATE, AttendanceState.LATE, Excuse.NONE),
    ("leave", AttendanceState.EXCUSED, Excuse.LEAVE),
    ("sick", AttendanceState.EXCUSED, Excuse.SICK),
    (AttendanceState.ABSENT, AttendanceState.ABSENT, Excuse.NONE),
)
MEANING: Final = {str(value): (state, excuse) for value, state, excuse in CHOICES}
LONGEST_NUMBER: Final = 4
Typed = Mapping[str, str]


@dataclass(frozen=True)
class SheetLine:
    """One person of the sheet as the page shows them."""

    seat: Attendance
    value: str  # the choice that is set; empty before any mark
    minutes: str  # only where somebody did not stay to the end
    hand: str  # who marked, and when
    typed: bool = False  # as the page was handed in, not as it is kept

    @property
    def key(self) -> int:
        """Name the line's fields."""
        return self.seat.enrollment_id

    @property
    def name(self) -> str:
        """Name the person."""
        return self.seat.enrollment.person.name

    @property
    def marked(self) -> bool:
        """Tell whether somebody has marked it; a mark is changed, never taken back."""
        return self.seat.state != AttendanceState.EXPECTED


def labels() -> list[tuple[str, str]]:
    """Offer the marks in their order."""
    return [(str(value), word_of(state, excuse)) for value, state, excuse in CHOICES]


def word_of(state: str, excuse: str) -> str:
    """Say a mark in one word."""
    return str(Excuse(excuse).label if excuse else AttendanceState(state).label)


def hand_of(seat: Attendance, zone: str, on: datetime) -> str:
    """Say who made a mark and when: the hour, and the day when it is another than the session's."""
    if seat.marked_at is None:
        return ""
    self_made = seat.source == AttendanceSource.SELF
    who = _("by code") if self_made or seat.marked_by is None else seat.marked_by.name
    at, day = at_clock(seat.marked_at, zone), local_date(seat.marked_at, zone)
    when = at if day == local_date(on, zone) else f"{short_date(day)} {at}"
    written = seat.source in (AttendanceSource.PAPER, AttendanceSource.IMPORT, AttendanceSource.PHONE)
    return " · ".join([f"{who} {when}", *([seat.get_source_display()] if written else [])])


def line_of(seat: Attendance, session: Session, typed: Typed | None = None) -> SheetLine:
    """Show one seat: as it is kept, or as it was handed in and not taken."""
    kept = "" if seat.state == AttendanceState.EXPECTED else (seat.excuse or seat.state)
    if seat.state == AttendanceState.EXCUSED:
        kept = seat.excuse or "leave"
    minutes = str(seat.minutes) if seat.state in CAME and seat.minutes != session.minutes else ""
    hand = hand_of(seat, session.zone, session.starts_at)
    given = typed or {}
    value, spent = (given.get(f"{word}-{seat.enrollment_id}") for word in ("seat", "minutes"))
    if value is None or (value == kept and (spent or "") == minutes):
        return SheetLine(seat, kept, minutes, hand)
    return SheetLine(seat, value, spent or "", hand, typed=True)


def lines_of(session: Session, *, to: User, typed: Typed | None = None) -> list[SheetLine]:
    """Show the sheet by its row numbers; 1 query."""
    return [line_of(seat, session, typed) for _number, seat in sheet_rows(session, to=to)]


def marks_in(typed: Typed, offered: Iterable[int]) -> list[Mark]:
    """Read the lines that say something; a line, choice or number that the page does not offer is a ValidationError."""
    known = set(offered)
    keys = [name.removeprefix("seat-") for name in typed if name.startswith("seat-") and typed[name]]
    return [_mark(key, typed, known) for key in keys]


def _mark(key: str, typed: Typed, known: set[int]) -> Mark:
    value, minutes = typed[f"seat-{key}"], typed.get(f"minutes-{key}", "").strip()
    if value not in MEANING or not key.isdecimal() or not _whole(minutes):
        raise ValidationError(_("Minutes are a whole number, and each line has one mark."))
    if int(key) not in known:
        raise ValidationError(_("One of these people has no seat in this session."))
    state, excuse = MEANING[value]
    exact = int(minutes) if minutes and state in CAME else None
    return Mark(int(key), state, exact, excuse, seen=seen_in(typed, key))


def seen_in(typed: Typed, key: object) -> int | None:
    """Read which version of a seat was on the screen; without any, nothing is compared."""
    seen = typed.get(f"seen-{key}", "")
    return int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else None  # noqa: PLR2004  fits a column


def _whole(minutes: str) -> bool:
    return (minutes or "0").isascii() and (minutes or "0").isdecimal() and len(minutes) <= LONGEST_NUMBER


def sentences(crossed: Iterable[Crossed], session: Session, *, to: User) -> list[str]:
    """Tell each mark that crossed another hand's, with both; 1 query."""
    told = list(crossed)
    if not told:
        return []
    seats = {seat.enrollment_id: seat for _number, seat in sheet_rows(session, to=to)}
    return [_sentence(each.mark, seats[each.mark.enrollment_id], session) for each in told]


def _sentence(mark: Mark, seat: Attendance, session: Session) -> str:
    return _("%(name)s: you marked “%(mine)s”, but meanwhile “%(theirs)s” was marked (%(hand)s). That stands.") % {
        "name": seat.enrollment.person.name,
        "mine": word_of(mark.state, mark.excuse),
        "theirs": word_of(seat.state, seat.excuse),
        "hand": hand_of(seat, session.zone, session.starts_at),
    }
