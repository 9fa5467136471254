"""Read a CSV of `code,name`, as a spreadsheet saves it."""

import csv
from io import StringIO

from django.utils.translation import gettext_noop

from villages.regions.rows import Progress, Reading, Row, Said, unheard

_HEADS = {("code", "name"), ("kode", "nama")}
_COLUMNS = 2


def read_csv(text: str, *, progress: Progress = unheard) -> Reading:
    """Collect the rows, with a trouble for each line that is not a code and a name."""
    reading = Reading()
    if text and not text.endswith(("\n", "\r")):
        last = text.count("\n") + 1
        reading.refuse(
            last, Said(gettext_noop("the last line has no end; if the file is not cut off, end it with a new line"))
        )
    head = text.partition("\n")[0]
    rows = csv.reader(
        StringIO(text, newline=""), delimiter=";" if ";" in head and "," not in head else ",", strict=True
    )
    try:
        for cells in rows:
            _take(reading, rows.line_num, [cell.strip() for cell in cells])
    except csv.Error as error:
        reading.refuse(
            rows.line_num, Said(gettext_noop("the quotes of this line are broken (%(error)s)"), error=str(error))
        )
    progress("read", len(text), len(text))
    return reading


def _take(reading: Reading, line: int, cells: list[str]) -> None:
    if not any(cells) or (line == 1 and tuple(cell.lower() for cell in cells) in _HEADS):
        return
    if len(cells) != _COLUMNS:
        reading.refuse(
            line, Said(gettext_noop("two columns are expected, code and name; here are %(count)d"), count=len(cells))
        )
    else:
        reading.rows.append(Row(line, cells[0], cells[1]))
