"""Open a file of places by what it is."""

from pathlib import Path

from villages.regions.csv_file import read_csv
from villages.regions.rows import Progress, Reading, unheard
from villages.regions.sql_file import read_sql


def read_places(path: Path, *, progress: Progress = unheard) -> Reading:
    """Read SQL or CSV, by the file's suffix; a file that is no text has one trouble."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reading = Reading()
        reading.refuse(
            content.count(b"\n", 0, error.start) + 1, "this is no UTF-8 text; save the file as SQL or as CSV UTF-8"
        )
        return reading
    return read_csv(text, progress=progress) if path.suffix.lower() == ".csv" else read_sql(text, progress=progress)
