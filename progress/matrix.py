"""The village x module matrix as a drawing: everything the template needs, ready to be written down.

Lengths along the row are percents of its width, so one drawing serves a phone and a desk; heights are pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.numbers import number
from programs.states import Mode, ModuleCode
from progress.period import ALWAYS, Period
from progress.standing import Standing
from progress.summary import Cell, CellState

MODULES: Final = tuple(ModuleCode)
PITCH: Final = 100 / len(MODULES)
GAP: Final = 0.6
HEAD, LABEL, CELL, BELOW = 24, 26, 34, 14
AMOUNTS: Final[dict[str, tuple[Promise, Promise]]] = {
    Mode.TRAINING: (gettext_lazy("%(delivered)s of %(required)s minutes"), gettext_lazy("%(delivered)s minutes")),
    Mode.VISIT: (gettext_lazy("%(delivered)s of %(required)s visits"), gettext_lazy("%(delivered)s visits")),
    Mode.MENTORING: (gettext_lazy("%(delivered)s of %(required)s visits"), gettext_lazy("%(delivered)s visits")),
    Mode.BENEFIT: (gettext_lazy("%(delivered)s of %(required)s claims"), gettext_lazy("%(delivered)s claims")),
}


@dataclass(frozen=True)
class Head:
    """A module's number above its column."""

    centre: str
    position: int
    name: str


@dataclass(frozen=True)
class Square:
    """One cell: where, what it says, and the rows behind it."""

    left: str
    centre: str
    look: str
    text: str
    title: str
    words: str
    percent: int | None
    url: str
    dark: bool


@dataclass(frozen=True)
class Strip:
    """One village's row of cells."""

    top: int
    name: str
    url: str
    percent: str
    squares: list[Square]


@dataclass(frozen=True)
class Matrix:
    """The whole drawing."""

    height: int
    width: str
    heads: list[Head]
    strips: list[Strip]


def amount_of(cell: Cell) -> str:
    """Write `480 of 960 minutes`, by the module's mode."""
    with_goal, without = AMOUNTS[cell.mode]
    return str(with_goal if cell.required else without) % {
        "delivered": number(cell.delivered),
        "required": number(cell.required),
    }


def words_of(cell: Cell) -> str:
    """Write the whole cell as a sentence: state, amount, what is behind and what waits."""
    parts = [f"{cell.state.label}: {amount_of(cell)}"]
    if cell.behind:
        parts.append(_("behind plan (%(planned)s planned by now)") % {"planned": number(cell.planned)})
    if cell.pending:
        parts.append(_("%(count)s waiting for approval") % {"count": number(cell.pending)})
    return ", ".join(parts)


def matrix_of(rows: Sequence[Standing], *, period: Period = ALWAYS, named: bool = False) -> Matrix:
    """Draw one strip for each; `named` says of which program, when there are several."""
    pitch = LABEL + CELL + BELOW
    strips = [_strip(each, HEAD + index * pitch, period, named=named) for index, each in enumerate(rows)]
    heads = [Head(_centre(index), index + 1, str(code.label)) for index, code in enumerate(MODULES)]
    return Matrix(HEAD + len(strips) * pitch, _percent(PITCH - GAP), heads, strips)


def rows_url(*, program: int, village: int, module: str, period: Period = ALWAYS) -> str:
    """Point to the rows behind one cell."""
    asked = {"program": program, "village": village, "module": module, **period.address}
    return f"{reverse('progress-rows')}?{urlencode(asked)}"


def cell_url(each: Standing, cell: Cell, period: Period) -> str:
    """Point to the rows behind a cell of a village."""
    return rows_url(program=each.program, village=each.village, module=cell.module, period=period)


def _strip(each: Standing, top: int, period: Period, *, named: bool) -> Strip:
    return Strip(
        top=top,
        name=each.label(named=named),
        url=reverse("village-detail", args=[each.village]),
        percent="–" if each.percent is None else f"{each.percent}%",
        squares=[
            _square(cell, index, f"{each.name}, {cell.name}", cell_url(each, cell, period))
            for index, cell in enumerate(each.modules)
        ],
    )


def _square(cell: Cell, index: int, label: str, url: str) -> Square:
    return Square(
        left=_percent(index * PITCH + GAP / 2),
        centre=_centre(index),
        look="behind" if cell.behind else str(cell.state),
        text="–" if cell.percent is None else str(cell.percent),
        title=f"{label}. {words_of(cell)}",
        words=words_of(cell),
        percent=cell.percent,
        url=url,
        dark=cell.state == CellState.COMPLETE,
    )


def _centre(index: int) -> str:
    return _percent((index + 0.5) * PITCH)


def _percent(share: float) -> str:
    return f"{share:.2f}%"
