"""The sheet on paper: which row is whose, and the short code by which a printed sheet is found again.

A row number is given once per session and never again, so a number that was printed never means somebody else. The code
is the session's key in other letters: nothing is stored, two sessions never share one, and its last letter checks the
others: base 23 is prime, so one wrong letter or two that changed places never read as another session.
"""

from typing import Final

from accounts.models import User
from programs.models import Attendance, Session

LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ"  # without I, O and Q, which hands and eyes confuse
BASE: Final = len(LETTERS)
SHORTEST: Final = 5  # letters that carry the key: six millions of sessions
BLANK_ROWS: Final = 5  # after the last name, for who comes unasked
_STEP, _START = 2_718_281, 161_803  # spread keys, so that neighbours look nothing alike


def sheet_rows(session: Session, *, to: User | None = None) -> list[tuple[int, Attendance]]:
    """List the rows of a sheet by their numbers, with person and cohort; those that a user may see, or all. 1 query."""
    seats = Attendance.objects.visible_to(to) if to else Attendance.objects.all()
    rows = seats.filter(session=session).select_related("enrollment__person", "enrollment__cohort", "marked_by")
    return [(seat.number, seat) for seat in rows.order_by("number", "pk")]


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


def _check(values: list[int]) -> int:
    """Weigh each letter by its place; with a prime base that tells any slip of one letter and any swap of two."""
    return sum(place * value for place, value in enumerate(values, start=1)) % BASE
