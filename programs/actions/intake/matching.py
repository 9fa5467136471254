"""Telling who of a list is known: in sets, with one definition of a name for both sides.

The same person: the same name in the same village, and the same number, birth year or hamlet. Titles, case and signs
of a name do not count. Each known person is one row at most, and each row one person; who fits best is taken first,
so that the same list meets the same people again.
"""

from collections.abc import Iterator
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Count

from common.sets import run
from programs.actions.intake import statements
from programs.models import ImportBatch
from programs.states import RowState
from villages.intake.twins import Namesake, Twins

CHUNK: Final = 2_000


@transaction.atomic
def match(batch: ImportBatch) -> None:
    """Say of every row without errors what it would do as things stand, and count; always the same statements."""
    for statement in statements.PREPARED:
        run(statement, {"batch": batch.pk} if "%(batch)s" in statement else None)
    _find_twins()
    for stage in statements.STAGES:
        _pair(stage)
    run(statements.OF_KNOWN)
    run(statements.OF_NEW)
    counts = dict(batch.rows.order_by().values_list("state").annotate(n=Count("pk")))
    for name in RowState.values:
        setattr(batch, name, counts.get(name, 0))


def _find_twins() -> None:
    """Find rows that say the same person twice; the first of them counts."""
    twins = Twins()
    for row in _walk(statements.NAMESAKES):
        twins.look(Namesake(*row))
    run(statements.TWINNED, {"rows": twins.rows, "twins": twins.firsts, "elsewhere": twins.elsewhere})


def _pair(stage: str) -> None:
    """Take pairs in their order, each row and each person once."""
    rows: dict[int, int] = {}
    people: set[int] = set()
    for row, person in _walk(stage):
        if row not in rows and person not in people:
            rows[row] = person
            people.add(person)
    run(statements.PAIRED, {"rows": [*rows], "people": [*rows.values()]})


def _walk(statement: str) -> Iterator[tuple[Any, ...]]:
    """Read rows through a cursor of the server: thousands of them, a few at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement)
        while rows := cursor.fetchmany(CHUNK):
            yield from rows
