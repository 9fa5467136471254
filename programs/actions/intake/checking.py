"""A list is looked at, a piece at a time; whoever asks next goes on where the last one stopped."""

import json
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.dates import local_date
from common.errors import Refused
from common.events import record
from common.zones import Zone
from programs.actions.intake.matching import match
from programs.intake.places import places_of
from programs.models import ImportBatch, ImportPiece
from programs.states import ImportState, RowState
from villages.intake import columns
from villages.intake.cleaning import Cleaned, Cleaner

COPIED: Final = (
    *("batch_id", "number", "state", "cells", "errors", "repairs", "remarks", "changes", "name", "sex", "birth_year"),
    *("hamlet", "craft", "phone", "relation", "consent_how", "village_id", "cohort_id", "first_number", "kept"),
)
COPY: Final = f"COPY programs_importrow ({', '.join(COPIED)}) FROM STDIN"


@transaction.atomic
def choose_columns(batch: ImportBatch, *, fields: Sequence[str], consent_how: str, by: User, at: datetime) -> None:
    """Say what each column holds, before the first row is looked at."""
    held = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if held.state != ImportState.UPLOADED or held.done:
        raise Refused(_("The rows were looked at already. Upload the list again to choose other columns."))
    columns.check(fields)
    batch.fields, batch.consent_how = [*fields], consent_how
    batch.clean_fields(exclude={"program", "cohort"})
    batch.save(update_fields=["fields", "consent_how"])
    record(batch, verb="columns_chosen", by=by, at=at)


def check_import(batch: ImportBatch, *, by: User, at: datetime, patience: float | None = None) -> None:
    """Look at the rows until all are done or `patience` seconds are over; each piece is kept when it is done."""
    end = None if patience is None else time.monotonic() + patience
    while _check_piece(batch, by=by, at=at):
        if end is not None and time.monotonic() > end:
            break
    batch.refresh_from_db()


@transaction.atomic
def _check_piece(batch: ImportBatch, *, by: User, at: datetime) -> bool:
    """Look at one piece, or finish when there is none left; tell whether there is more to do."""
    held = ImportBatch.objects.select_for_update(of=("self",)).select_related("cohort").get(pk=batch.pk)
    if held.state != ImportState.UPLOADED:
        return False
    piece = held.pieces.order_by("number").first()
    if piece is None:
        _finish(held, by=by, at=at)
        return False
    columns.check(held.fields)
    _write(held, piece, at=at)
    held.done += len(piece.lines)
    held.save(update_fields=["done"])
    piece.delete()
    return True


def _finish(batch: ImportBatch, *, by: User, at: datetime) -> None:
    match(batch)
    counts = {name: getattr(batch, name) for name in RowState.values}
    ImportBatch.objects.move(batch, ImportState.CHECKED, **counts)
    record(batch, verb="checked", by=by, at=at, goal=ImportState.CHECKED, **counts)


def _write(batch: ImportBatch, piece: ImportPiece, *, at: datetime) -> None:
    """Clean the rows of a piece and copy them in; only the columns that mean something are kept."""
    rows = [*_rows(batch, piece.lines, at=at)]  # all of them first: while it copies, a connection answers nothing else
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for row in rows:
            copy.write_row(row)


def _rows(batch: ImportBatch, lines: Sequence[tuple[int, list[str]]], *, at: datetime) -> Iterator[tuple[Any, ...]]:
    kept = [index for index, field in enumerate(batch.fields) if field not in (columns.IGNORED, columns.SECRET)]
    meant = [index for index, field in enumerate(batch.fields) if field != columns.IGNORED]
    cleaner = Cleaner(batch.fields, places_of(batch), local_date(at, Zone.WIB), batch.consent_how)
    for number, cells in lines:
        if any(cells[index].strip() for index in meant):
            yield _row(batch, number, [cells[index] for index in kept], cleaner.clean(cells))


def _row(batch: ImportBatch, number: int, cells: list[str], found: Cleaned) -> tuple[Any, ...]:
    """Write the values in the order of COPIED."""
    state = RowState.WRONG if found.errors else RowState.NEW
    notes = (json.dumps(found.errors), json.dumps(found.repairs), "[]", "{}")
    who = (found.name, found.sex, found.birth_year, found.hamlet, found.craft)
    reach = (found.phone, found.relation, found.consent_how)
    place = (found.village_id, found.cohort_id, False, False)
    return (batch.pk, number, str(state), json.dumps(cells), *notes, *map(_plain, who), *map(_plain, reach), *place)


def _plain(value: object) -> object:
    """Hand over choices as their bare text."""
    return str(value) if isinstance(value, str) else value
