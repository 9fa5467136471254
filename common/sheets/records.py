"""Tables as CSV, record by record, as RFC 4180 has them."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import Any

from common.sheets.cells import Value, harmless

Chunk = Iterable[Sequence[Any]]


def stream_csv(head: Sequence[str], chunks: Iterable[Chunk]) -> Iterator[bytes]:
    """Write chunks of records for programs, in UTF-8; their texts come `harmless`."""
    for chunk in _with_head([head], chunks):
        yield _lines(chunk, ",").encode("utf-8", "replace")


def write_csv(head: Sequence[str], rows: Iterable[Sequence[Value]], *, separator: str = ";") -> Iterator[str]:
    """Write records one by one, with the mark that makes Excel read UTF-8; what looks like a formula gets a '."""
    yield "\ufeff"
    for row in _with_head(head, rows):
        yield _lines([[harmless(value) for value in row]], separator)


def _with_head(head: Any, rest: Iterable[Any]) -> Iterator[Any]:
    yield head
    yield from rest


def _lines(rows: Chunk, separator: str) -> str:
    held = StringIO(newline="")
    csv.writer(held, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return held.getvalue()
