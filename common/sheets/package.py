"""Looking at a zip before anything is unpacked: its size, whether it is whole, and what it holds."""

import struct
from collections.abc import Iterator
from typing import IO, Final
from zipfile import ZipFile, ZipInfo

from django.utils.translation import gettext as _

from common.sheets.book import Unreadable, damaged

UNPACKED: Final = 200 * 1024 * 1024  # bytes of all parts together
STRINGS: Final = 32 * 1024 * 1024  # bytes of the table of texts: it is held in memory
STYLES: Final = 8 * 1024 * 1024
MOST_PARTS: Final = 2_000
CHUNK: Final = 64 * 1024
LONGEST_MARK: Final = 16
ENTRY_COUNT: Final = slice(10, 12)  # of the record that ends a zip
HELD: Final = {"sharedstrings.xml": STRINGS, "styles.xml": STYLES, "workbook.xml": STYLES}


def opened(source: IO[bytes]) -> ZipFile:
    """Open a zip whose parts are small enough and whole; any other is an Unreadable."""
    archive = ZipFile(source)
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > UNPACKED or any(map(_too_large, parts)):
        raise Unreadable(_("This file unpacks to more than can be read. Copy the table into a new file and save it."))
    if len({part.filename for part in parts}) != len(parts) or len(parts) != _promised(source):
        raise damaged()
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels")):
            _look_through(archive, part)
    return archive


def _too_large(part: ZipInfo) -> bool:
    """Bound the parts that are held in memory as a whole."""
    return part.file_size > HELD.get(part.filename.lower().rpartition("/")[2], UNPACKED)


def _promised(source: IO[bytes]) -> int:
    """Read how many parts the end of the zip promises: a shortened list would go unnoticed."""
    source.seek(0)
    whole = source.read()
    end = whole.rfind(b"PK\x05\x06")
    count: int = struct.unpack("<H", whole[end:][ENTRY_COUNT])[0]
    return count


def _look_through(archive: ZipFile, part: ZipInfo) -> None:
    """Unpack a part once, which checks its sum, and refuse what no spreadsheet program writes."""
    tail = b""
    for chunk in _chunks(archive, part):
        if not tail and not chunk.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
            raise damaged()
        seen = tail + chunk
        if b"\0" in chunk or b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
            raise damaged()
        tail = chunk[-LONGEST_MARK:]


def _chunks(archive: ZipFile, part: ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            yield chunk
