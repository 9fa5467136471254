"""What a file that was read looks like, its limits, and the one error that it may raise."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LARGEST: Final = 20 * 1024 * 1024  # bytes of a file
MOST_ROWS: Final = 100_100  # 100,000, and what stands above and below them
MOST_EMPTY: Final = 300_000  # rows that hold nothing and cost time all the same
MOST_COLUMNS: Final = 100
MOST_SIGNS: Final = 1_000  # of one cell; longer ones are cut there, and end with an ellipsis
LOST: Final = "\ufffd"  # stands for a sign that cannot be kept
_WHOLE: Final = 1e17  # below, a whole float is written without an exponent
_CONTROL: Final = {code: LOST for code in (*range(32), *range(0x7F, 0xA0)) if chr(code) not in "\t\n\r\x85"}
_UNKEPT: Final = _CONTROL | dict.fromkeys(range(0xD800, 0xE000), LOST)


class Unreadable(ValidationError):
    """The file cannot be read; the sentence says why and what to do."""

    def __init__(self, sentence: str) -> None:
        """Keep the sentence; it is shown as it stands."""
        super().__init__(sentence, code="file")


class Line(NamedTuple):
    """One row with its number as people see it; the cells begin with column A and may end early."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Leaf:
    """One sheet of a file; reading it may be begun again."""

    title: str
    read: Callable[[], Iterator[Line]]

    def lines(self) -> Iterator[Line]:
        """Give the rows that hold anything, in order; whatever goes wrong on the way is an Unreadable."""
        found = empty = 0
        try:
            for line in self.read():
                if not any(line.cells):
                    empty += 1
                    if empty > MOST_EMPTY:
                        break
                    continue
                found += 1
                if found > MOST_ROWS:
                    break
                yield line
        except Unreadable:
            raise
        except Exception:  # noqa: BLE001  damaged files fail in a dozen ways; all of them mean the same to people
            raise damaged() from None
        if found > MOST_ROWS or empty > MOST_EMPTY:
            raise Unreadable(_("This sheet has more than 100,000 rows. Divide it into several files."))


@dataclass(frozen=True)
class Book:
    """A file with its sheets, in their order."""

    kind: str
    leaves: tuple[Leaf, ...]


def damaged() -> Unreadable:
    """Say that a file is broken."""
    return Unreadable(_("This file is damaged. Open it in Excel, save it again as .xlsx, and try once more."))


def text_of(value: object) -> str:
    """Write a cell's value as text: whole numbers without a point, days as `1985-05-12`, at most 1,000 signs."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _bounded(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds").removesuffix(" 00:00:00")
    return _plain(value)


def _plain(value: object) -> str:
    match value:
        case bool():
            return str(value).upper()
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < _WHOLE else str(value)
        case date() | time():
            return value.isoformat()
        case _:
            return _bounded(str(value))


def _bounded(text: str) -> str:
    """Cut what is too long and mark what cannot be kept; both can be seen afterwards."""
    short = text if len(text) <= MOST_SIGNS else f"{text[:MOST_SIGNS]}…"
    return short if short.isprintable() else short.translate(_UNKEPT)
