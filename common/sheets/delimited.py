"""`.csv` and `.txt`: whatever encoding and separator the program wrote that made them."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from io import BytesIO, StringIO, TextIOWrapper
from typing import Final

from django.utils.translation import gettext as _

from common.sheets.book import LOST, MOST_COLUMNS, Book, Leaf, Line, Unreadable, text_of

SAMPLE: Final = 64 * 1024
SAMPLE_ROWS: Final = 30
SEPARATORS: Final = ";\t,|"
NAMED: Final = re.compile(r"\ufeff?sep=(.)\r?\n?", re.IGNORECASE)
BINARY: Final = bytes({*range(9), 11, *range(14, 32)} - {27})
MOST_BINARY: Final = 0.01  # share of bytes that no text has
HALF: Final = 0.3  # of the bytes are zero where every sign takes two


def read_delimited(data: bytes) -> Book:
    """Open a text file as a table; one that is no text is an Unreadable."""
    encoding = encoding_of(data)
    if "16" not in encoding and _share(data[:SAMPLE], BINARY) > MOST_BINARY:
        raise Unreadable(_("This is not a table. Save the list in Excel as .xlsx and try again."))
    return Book("csv", (Leaf(title="", read=lambda: _lines(data, encoding)),))


def encoding_of(data: bytes) -> str:
    """Guess the encoding: marks first, then UTF-8 if it holds (or held before a few bytes broke), else Windows-1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    head = data[:SAMPLE]
    for half, encoding in ((head[1::2], "utf-16-le"), (head[::2], "utf-16-be")):
        if half and half.count(0) / len(half) > HALF:
            return encoding
    read = data.decode("utf-8", "replace")
    broken = read.count(LOST)
    return "utf-8" if not broken or sum(not sign.isascii() for sign in read) > 2 * broken else "cp1252"


def _share(data: bytes, signs: bytes) -> float:
    return (len(data) - len(data.translate(None, signs))) / max(len(data), 1)


def _lines(data: bytes, encoding: str) -> Iterator[Line]:
    """Give the records, numbered as a spreadsheet program numbers them."""
    stream = TextIOWrapper(BytesIO(data), encoding=encoding, errors="replace", newline="")
    head = stream.read(SAMPLE)
    stream.seek(0)
    named = NAMED.match(head)
    if named:
        stream.readline()
    separator = named[1] if named else separator_of(head)
    number = 0
    try:
        for number, record in enumerate(csv.reader(stream, delimiter=separator, strict=True), start=1):
            yield Line(number, _bounded(record))
    except csv.Error:
        raise Unreadable(
            _("A quotation mark after row %(row)d does not close. Correct it, or save the list as .xlsx.")
            % {"row": number}
        ) from None


def _bounded(record: list[str]) -> list[str]:
    cells = [text_of(text) for text in record]
    if any(cells[MOST_COLUMNS:]):
        raise Unreadable(_("This sheet has more than 100 columns. Keep only the columns of the list."))
    return cells[:MOST_COLUMNS]


def separator_of(head: str) -> str:
    """Find the separator that cuts most records into the same number of columns."""
    return max(SEPARATORS, key=lambda separator: _evenness(head, separator))


def _evenness(head: str, separator: str) -> tuple[int, int]:
    """Count the records of the commonest width above one, and that width."""
    widths: Counter[int] = Counter()
    try:
        for record in csv.reader(StringIO(head, newline=""), delimiter=separator):
            widths[len(record)] += len(record) > 1
            if widths.total() >= SAMPLE_ROWS:
                break
    except csv.Error:
        return (0, 0)
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    return count, width
