"""A list as pages show it: sentences instead of codes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from common.phones import mask_phone
from programs.models import ImportBatch, ImportRow
from programs.states import ImportState, RowState
from villages.intake import words
from villages.intake.columns import IGNORED, SECRET, letter

UNDOABLE: Final = timedelta(hours=24)
SAMPLES: Final = 3
SAMPLED: Final = 200  # rows from the top in which values are looked for
LONGEST: Final = 40


class Tab(NamedTuple):
    """One kind of rows with their number."""

    state: str
    label: str
    number: int
    tone: str = ""


@dataclass(frozen=True)
class Shown:
    """One row in words; its number is masked."""

    row: ImportRow
    phone: str
    problems: list[str]
    notes: list[str]
    changes: list[str]

    @classmethod
    def of(cls, row: ImportRow) -> "Shown":
        """Put a row into words."""
        noted = [*row.repairs, *(row.remarks if row.state != RowState.WRONG else [])]
        return cls(
            row=row,
            phone=mask_phone(row.phone) if row.phone else "",
            problems=words.said(row.problems),
            notes=words.said(noted),
            changes=words.changes(row.changes),
        )


def tabs(batch: ImportBatch) -> list[Tab]:
    """List the kinds of rows, what needs attention first."""
    found = [Tab(str(state), str(state.label), getattr(batch, state), _tone(batch, state)) for state in RowState]
    return [*found, *([Tab("kept", _("Kept"), batch.kept)] if batch.kept else [])]


def _tone(batch: ImportBatch, state: RowState) -> str:
    return "bad" if state == RowState.WRONG and batch.wrong else ""


def first_kind(batch: ImportBatch) -> str:
    """Name the kind of rows that a page begins with: what is wrong, or else what happens."""
    return next((str(state) for state in RowState if getattr(batch, state)), str(RowState.NEW))


def samples(batch: ImportBatch) -> list[list[str]]:
    """Give up to three different values of each column, from the first rows."""
    piece = batch.pieces.order_by("number").first()
    lines = [cells for _number, cells in piece.lines[:SAMPLED]] if piece else []
    return [_values(cells[index] for cells in lines) for index in range(len(batch.headings))]


def _values(cells: Iterable[str]) -> list[str]:
    found: dict[str, None] = {}
    for cell in cells:
        text = " ".join(cell.split())
        if text:
            found[text if len(text) <= LONGEST else f"{text[:LONGEST]}…"] = None
        if len(found) == SAMPLES:
            break
    return [*found]


def headings_of(batch: ImportBatch) -> list[str]:
    """Name the columns of the file of errors: the row, what was kept, what is wrong."""
    kept = [
        heading or letter(index)
        for index, (heading, field) in enumerate(zip(batch.headings, batch.fields, strict=True))
        if field not in (IGNORED, SECRET)
    ]
    return [_("Row"), *kept, _("Errors")]


def template_headings() -> list[str]:
    """Name the columns of an empty list; each is understood when it comes back."""
    return [
        *(_("Full name"), _("Sex (L/P)"), _("Birth year"), _("Hamlet"), _("Occupation"), _("Mobile number")),
        *(_("Whose number"), _("Village"), _("Cohort"), _("Agreed to messages (yes/no)")),
    ]


def undoable(batch: ImportBatch, *, at: datetime) -> datetime | None:
    """Tell until when an import can be undone; None when it no longer can."""
    if batch.state != ImportState.COMMITTED or batch.committed_at is None:
        return None
    end = batch.committed_at + UNDOABLE
    return end if at <= end else None
