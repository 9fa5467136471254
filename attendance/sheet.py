"""The sheet on paper: which row is whose, and the short code by which a printed sheet is found again.

A row number is given once per session and never again, so a number that was printed never means somebody else. The code
is the session's key in other letters: nothing is stored, two sessions never share one, and its last letter checks the
others: base 23 is prime, so one wrong letter or two that changed places never read as another session.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from common.models import Event
from programs.models import Attendance, Session
from programs.states import CAME, AttendanceState, Excuse

LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ"  # without I, O and Q, which hands and eyes confuse
BASE: Final = len(LETTERS)
SHORTEST: Final = 5  # letters that carry the key: six millions of sessions
BLANK_ROWS: Final = 5  # after the last name, for who comes unasked
MOST_ROWS: Final = 2000  # one text may speak of
Word = tuple[str, str]  # a state and an excuse
WORDS: Final[dict[str, Word]] = {
    "H": (AttendanceState.PRESENT, Excuse.NONE),  # hadir
    "T": (AttendanceState.LATE, Excuse.NONE),  # terlambat
    "L": (AttendanceState.LATE, Excuse.NONE),
    "I": (AttendanceState.EXCUSED, Excuse.LEAVE),  # izin
    "S": (AttendanceState.EXCUSED, Excuse.SICK),  # sakit
    "A": (AttendanceState.ABSENT, Excuse.NONE),  # alpa
}
_PART: Final = re.compile(r"(\d{1,4})(?:-(\d{1,4}))?([HTLISA]?)(\d{1,4})?", re.ASCII | re.IGNORECASE)
_STEP, _START = 2_718_281, 161_803  # spread keys, so that neighbours look nothing alike


def sheet_rows(session: Session, *, to: User | None = None) -> list[tuple[int, Attendance]]:
    """List the rows of a sheet by their numbers, with person and cohort; those that a user may see, or all. 1 query."""
    seats = Attendance.objects.visible_to(to) if to else Attendance.objects.all()
    rows = seats.filter(session=session).select_related("enrollment__person", "enrollment__cohort", "marked_by")
    return [(seat.number, seat) for seat in rows.order_by("number", "pk")]


def walk_ins(session: Session) -> set[int]:
    """Tell which enrollments were seated when they came unasked. 1 query."""
    came = Event.objects.about(session).filter(verb="walk_in_added")
    return set(came.values_list("facts__enrollment", flat=True))


def sheet_code(session: Session) -> str:
    """Write the code of a session's sheet: six letters."""
    width = SHORTEST
    while session.pk >= BASE**width:
        width += 1
    spread = (session.pk * _STEP + _START) % BASE**width
    values = [spread // BASE**place % BASE for place in reversed(range(width))]
    return "".join(LETTERS[value] for value in (*values, _check(values)))


def session_in(code: str) -> int | None:
    """Read which session a code speaks of, however it was typed; None when it is no code."""
    letters = code.upper().replace(" ", "").replace("-", "")
    width = len(letters) - 1
    if not SHORTEST <= width <= 12 or set(letters) - set(LETTERS):  # noqa: PLR2004  more than any key has
        return None
    *values, check = map(LETTERS.index, letters)
    if check != _check(values):
        return None
    spread = sum(value * BASE**place for place, value in enumerate(reversed(values)))
    key = (spread - _START) * pow(_STEP, -1, BASE**width) % BASE**width
    return key if key >= (BASE ** (width - 1) if width > SHORTEST else 1) else None


@dataclass(frozen=True)
class Line:
    """What a text says about one row; without minutes, who came stayed to the end."""

    number: int
    state: str
    excuse: str = ""
    minutes: int | None = None


def read_lines(text: str) -> list[Line]:
    """Read `1-5 7 9T 12S 14I`: present, late, sick, leave; `9T90` came late and stayed 90 minutes.

    Every part that cannot be read, and every row that stands twice, is told in one ValidationError.
    """
    lines, wrong = [], []
    for part in re.sub(r"\s*[-–—]\s*", "-", text.strip()).replace(",", " ").replace(";", " ").split():
        found = _lines(part)
        lines += found
        wrong += [] if found else [_("“%(part)s” is no row. Write rows like 1-5 7 9T 12S 14I.") % {"part": part[:20]}]
    wrong += [_("Row %(row)s stands twice.") % {"row": number} for number in _twice(lines)]
    if len(lines) > MOST_ROWS:
        wrong = [_("These are too many rows for one sheet.")]
    if wrong:
        raise ValidationError(wrong)
    return sorted(lines, key=lambda line: line.number)


def _lines(part: str) -> list[Line]:
    """Read one part; nothing when it makes no sense."""
    found = _PART.fullmatch(part)
    if not found:
        return []
    first, last, letter, minutes = found.groups()
    state, excuse = WORDS[(letter or "H").upper()]
    if minutes and (not letter or state not in CAME):
        return []
    exact = int(minutes) if minutes else None
    return [Line(number, state, excuse, exact) for number in range(int(first), int(last or first) + 1) if number]


def _twice(lines: list[Line]) -> list[int]:
    numbers = sorted(line.number for line in lines)
    return sorted({one for one, other in pairwise(numbers) if one == other})


def _check(values: list[int]) -> int:
    """Weigh each letter by its place; with a prime base that tells any slip of one letter and any swap of two."""
    return sum(place * value for place, value in enumerate(values, start=1)) % BASE
