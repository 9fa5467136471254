"""The rows of a list are kept for a day: what came in with a file and was not asked for stays nowhere."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from common.errors import RowMoved
from common.events import record
from programs.intake.reading import UNDOABLE
from programs.models import ImportBatch, ImportRow
from programs.states import ImportState, RowState
from villages.intake.words import said

OPEN: Final = (ImportState.UPLOADED, ImportState.CHECKED)
CHUNK: Final = 2_000


@transaction.atomic
def discard_import(batch: ImportBatch, *, by: User | None, at: datetime) -> None:
    """Put a list aside that was not imported, with all its rows."""
    origin = batch.state
    ImportBatch.objects.move(batch, ImportState.DISCARDED)
    _forget(batch, at=at)
    record(batch, verb="discarded", by=by, at=at, origin=origin, goal=ImportState.DISCARDED)


def forget_imports(*, at: datetime) -> int:
    """Delete the rows of lists whose day is over; tell of how many lists. Running it again changes nothing."""
    before = at - UNDOABLE
    left = ImportBatch.objects.filter(forgotten_at__isnull=True, uploaded_at__lte=before)
    for batch in left.filter(state__in=OPEN).order_by("pk"):
        try:
            discard_import(batch, by=None, at=at)
        except RowMoved:
            continue  # somebody is going on with it at this moment
    over = left.filter(Q(state=ImportState.COMMITTED, committed_at__lte=before) | Q(undone_at__lte=before))
    return sum(_forget_whole(batch, at=at) for batch in over.order_by("pk"))


@transaction.atomic
def _forget_whole(batch: ImportBatch, *, at: datetime) -> bool:
    _forget(batch, at=at)
    record(batch, verb="forgotten", by=None, at=at)
    return True


def _forget(batch: ImportBatch, *, at: datetime) -> None:
    batch.pieces.all().delete()
    ImportRow.objects.filter(batch=batch).delete()
    batch.forgotten_at = at
    batch.save(update_fields=["forgotten_at"])


@transaction.atomic
def export_rows(batch: ImportBatch, *, everything: bool, by: User, at: datetime) -> Iterator[list[str]]:
    """Give the rows as they were uploaded, each with its number and what is wrong; that they left is written down."""
    record(batch, verb="rows_exported", by=by, at=at, everything=everything)
    rows = batch.rows.order_by("number") if everything else batch.rows.filter(state=RowState.WRONG).order_by("number")
    return ([str(row.number), *row.cells, " ".join(said(row.problems))] for row in rows.iterator(CHUNK))
