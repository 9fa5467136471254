"""One figure of a report with its kind, so that page, paper and spreadsheet write the same value each in its way."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from common.dates import written_date
from common.numbers import number

NOTHING: Final = "–"
Value = int | Decimal | date | str | None


class Kind(StrEnum):
    """How a value is written, and what it counts."""

    COUNT = "count"
    HOURS = "hours"
    PERCENT = "percent"
    RUPIAH = "rupiah"
    DAYS = "days"
    DAY = "day"
    WORDS = "words"

    @property
    def unit(self) -> str:
        """Name the unit in the language of the moment; counts and words have none."""
        units = {Kind.HOURS: _("JP"), Kind.PERCENT: "%", Kind.RUPIAH: _("rupiah"), Kind.DAYS: _("days")}
        return units.get(self, "")


@dataclass(frozen=True)
class Cell:
    """A value and its kind; None is not known, which is not nothing."""

    value: Value
    kind: Kind = Kind.COUNT

    @property
    def text(self) -> str:
        """Write it for people."""
        if self.value is None or self.value == "":
            return NOTHING
        if isinstance(self.value, date):
            return written_date(self.value)
        return self.value if isinstance(self.value, str) else self._written(self.value)

    @property
    def numeric(self) -> bool:
        """Tell whether it stands at the right of its column."""
        return self.kind not in (Kind.WORDS, Kind.DAY)

    def _written(self, value: Decimal | int) -> str:
        match self.kind:
            case Kind.PERCENT:
                return f"{number(value)}%"
            case Kind.HOURS:
                return f"{number(value)} {self.kind.unit}"
            case Kind.RUPIAH:
                return f"Rp{number(value, 0 if value == int(value) else 2)}"
            case Kind.DAYS:
                return f"{number(value, 1)} {self.kind.unit}"
            case _:
                return number(value)

    def step_to(self, later: "Cell") -> str:
        """Write how far it is from this value to a later one, with its sign; a dash where one is not known."""
        before, after = self.value, later.value
        if not isinstance(before, int | Decimal) or not isinstance(after, int | Decimal):
            return NOTHING
        step = after - before
        sign = "+" if step > 0 else "−" if step < 0 else ""
        size = -step if step < 0 else step
        points = _("%(count)s points") % {"count": number(size)}
        return f"{sign}{points if self.kind == Kind.PERCENT else Cell(size, self.kind).text}"


def count(value: int | None) -> Cell:
    """Count things."""
    return Cell(value)


def rupiah(value: Decimal | None) -> Cell:
    """Count rupiah; sen are written only where there are any."""
    return Cell(value, Kind.RUPIAH)


def words(value: str) -> Cell:
    """Say something."""
    return Cell(value, Kind.WORDS)


def day(value: date | None) -> Cell:
    """Name a day."""
    return Cell(value, Kind.DAY)
