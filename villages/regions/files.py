"""Open a file of places by what it is, and tell which edition of the list it says to be."""

import hashlib
import re
from datetime import date
from pathlib import Path, PurePath
from typing import NamedTuple

from django.utils.translation import gettext_noop

from villages.regions.csv_file import read_csv
from villages.regions.rows import Progress, Reading, Said, unheard
from villages.regions.sql_file import read_sql

_DECREE = re.compile(r"\b((?:Kep|Per)(?:utusan\s+Menteri\s+Dalam\s+Negeri|mendagri)\b[^\r\n*]{0,100})", re.IGNORECASE)
_EDITED = re.compile(r"last edit\s*:\s*(\d{4})-(\d{2})-(\d{2})", re.IGNORECASE)
_HEAD = 4_000  # letters in which a file says what it is
LONGEST_NAME, LONGEST_FILE = 160, 200


class Source(NamedTuple):
    """Where a list comes from."""

    name: str
    file_name: str
    sha256: str
    as_of: date | None = None


def read_places(path: Path, *, progress: Progress = unheard) -> Reading:
    """Read a file of places from the disk."""
    return read_content(path.read_bytes(), file_name=path.name, progress=progress)


def read_content(content: bytes, *, file_name: str, progress: Progress = unheard) -> Reading:
    """Read SQL or CSV, by the file's suffix; a file that is no text has one trouble."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reading = Reading()
        reading.refuse(
            content.count(b"\n", 0, error.start) + 1,
            Said(gettext_noop("this is no UTF-8 text; save the file as SQL or as CSV UTF-8")),
        )
        return reading
    suffix = PurePath(file_name).suffix.lower()
    return read_csv(text, progress=progress) if suffix == ".csv" else read_sql(text, progress=progress)


def source_of(content: bytes, *, file_name: str, name: str = "", as_of: date | None = None) -> Source:
    """Name an edition as people say, or else as its file does, or else by its file."""
    head = content[:_HEAD].decode("utf-8", errors="ignore")
    decree = _DECREE.search(head)
    said = name.strip() or (" ".join(decree[1].split()) if decree else "") or PurePath(file_name).name
    return Source(
        _kept(said, LONGEST_NAME),
        _kept(PurePath(file_name).name, LONGEST_FILE),
        hashlib.sha256(content).hexdigest(),
        as_of or _edited(head),
    )


def _edited(head: str) -> date | None:
    found = _EDITED.search(head)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _kept(text: str, longest: int) -> str:
    return "".join(sign for sign in text if sign.isprintable())[:longest]
