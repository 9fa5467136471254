"""A file comes in: its list is found, ids are hidden, and its rows wait in pieces."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.events import record
from common.sheets import Book, Leaf, Line, Unreadable, open_book
from programs.actions.intake.forgetting import forget_imports
from programs.models import Cohort, ImportBatch, ImportPiece, Program
from programs.states import ImportState
from villages.intake.columns import SECRET, chosen, guess
from villages.intake.headings import LOOKED_AT, Headings, find_headings, first_row
from villages.intake.secrets import scrubbed

PIECE: Final = 2_000  # rows that are looked at together
MOST: Final = 100_000
LONGEST_NAME: Final = 120
LONGEST_TITLE: Final = 40


@dataclass(frozen=True)
class Found:
    """The list of a file: where it stands and what its columns are called."""

    leaf: Leaf
    headings: Headings
    others: int  # sheets beside it that hold anything


@transaction.atomic
def open_import(
    *,
    program: Program,
    data: bytes,
    file_name: str,
    by: User,
    at: datetime,
    cohort: Cohort | None = None,
    mapping: Mapping[str, str] | None = None,
) -> ImportBatch:
    """Take a file in; a file that cannot be read is a ValidationError with one sentence, and nothing is written."""
    forget_imports(at=at)
    found = _find(open_book(data))
    names = found.headings.names
    fields = chosen(names, mapping) if mapping else guess(names)
    batch = ImportBatch(program=program, cohort=cohort, headings=names, fields=fields, uploaded_at=at, uploaded_by=by)
    batch.file_name, batch.sheet = _tidy(file_name, LONGEST_NAME) or "-", _tidy(found.leaf.title, LONGEST_TITLE)
    batch.digest = hashlib.sha256(data).hexdigest()
    batch.notices = [*_notices(found, batch)]
    batch.save(force_insert=True)
    for number, piece in enumerate(_pieces(_people(found, fields))):
        ImportPiece.objects.create(batch=batch, number=number, lines=piece)
        batch.lines += len(piece)
        if batch.lines > MOST:
            raise Unreadable(_("This sheet has more than 100,000 rows. Divide it into several files."))
    if not batch.lines:
        raise Unreadable(_("This list has headings and nobody below them."))
    batch.save(update_fields=["lines"])
    record(batch, verb="uploaded", by=by, at=at, program=program.pk, lines=batch.lines)
    return batch


def _find(book: Book) -> Found:
    """Find the first sheet with headings that are understood, or else the first that holds anything."""
    tops = [(leaf, top) for leaf in book.leaves if (top := list(islice(leaf.lines(), LOOKED_AT)))]
    if not tops:
        raise Unreadable(_("This file is empty."))
    for leaf, top in tops:
        if headings := find_headings(top):
            return Found(leaf, headings, len(tops) - 1)
    leaf, top = tops[0]
    return Found(leaf, first_row(top), len(tops) - 1)


def _notices(found: Found, batch: ImportBatch) -> Iterator[tuple[str, str]]:
    """Say what is worth knowing before anyone goes on."""
    if found.others:
        yield "other_sheets", batch.sheet
    if not found.headings.known:
        yield "no_headings", ""
    for name, field in zip(batch.headings, batch.fields, strict=True):
        if field == SECRET:
            yield "national_id", name
    before = ImportBatch.objects.filter(program=batch.program, digest=batch.digest, state=ImportState.COMMITTED)
    if before.exists():
        yield "seen_before", ""


def _people(found: Found, fields: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Give the rows below the headings, without ids; headings that a printed list repeats are no people."""
    for line in found.leaf.lines():
        if line.number <= found.headings.last or _repeats(line, found.headings.names):
            continue
        cells = scrubbed(line.cells, fields)
        if any(cells):
            yield line.number, cells


def _repeats(line: Line, names: Sequence[str]) -> bool:
    return [_tidy(cell, LONGEST_NAME) for cell in line.cells[: len(names)]] == [*names]


def _pieces(lines: Iterable[tuple[int, list[str]]]) -> Iterator[list[tuple[int, list[str]]]]:
    walk = iter(lines)
    while piece := list(islice(walk, PIECE)):
        yield piece


def _tidy(text: str, longest: int) -> str:
    """Keep what can be kept of a name that came with a file."""
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable())[:longest]
