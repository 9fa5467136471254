"""One door for every file: what it is, is told by its content, never by its name."""

from collections.abc import Callable
from io import BytesIO
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.sheets.book import LARGEST, Book, Unreadable
from common.sheets.delimited import read_delimited
from common.sheets.workbook import read_workbook

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
SAVE_AS: Final = gettext_lazy("Open it in Excel or LibreOffice and choose “Save as .xlsx”.")
SENTENCES: Final[dict[str, Promise]] = {
    "empty": gettext_lazy("This file is empty."),
    "locked": gettext_lazy("This file is locked with a password. Save it without the password and try again."),
    "old": gettext_lazy("This is an old Excel file (.xls)."),
    "ods": gettext_lazy("This is a LibreOffice file (.ods)."),
    "pdf": gettext_lazy("This is a PDF. A list is read from the spreadsheet that it was printed from."),
    "picture": gettext_lazy("This is a picture. A list is read from a spreadsheet."),
    "page": gettext_lazy("This is a web page with the ending of a spreadsheet."),
    "document": gettext_lazy("This is a document or an archive, not a spreadsheet."),
}
CURABLE: Final = {"old", "ods", "page"}
PICTURES: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\0", b"MM\0*")
PAGES: Final = (b"<html", b"<!doc", b"<?xml", b"<table", b"<meta")
ARCHIVES: Final = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"{\\rtf")
Told = Callable[[bytes], bool]
SIGNS: Final[tuple[tuple[str, Told], ...]] = (
    ("empty", lambda data: not data.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0,;")),
    ("locked", lambda data: data.startswith(OLE) and ENCRYPTED in data),
    ("old", lambda data: data.startswith((OLE, b"\x09\x08\x10\0", b"\x09\x04\x06\0", b"\x09\0\x04\0"))),
    ("pdf", lambda data: b"%PDF-" in data[:1024]),
    ("picture", lambda data: data.startswith(PICTURES)),
    ("page", lambda data: data.lstrip(b"\xef\xbb\xbf \t\r\n")[:6].lower().startswith(PAGES)),
    ("ods", lambda data: data.startswith(b"PK") and b"opendocument.spreadsheet" in data[:200]),
    ("document", lambda data: data.startswith(ARCHIVES)),
    ("document", lambda data: data.startswith(b"PK\x03\x04") and b"xl/" not in data and b"PK\x05\x06" in data),
)


def open_book(data: bytes) -> Book:
    """Open the content of a file as a table; anything else is an Unreadable that says what to do."""
    if len(data) > LARGEST:
        raise Unreadable(_("This file is larger than 20 MB. Divide it, or leave out pictures."))
    for name, told in SIGNS:
        if told(data):
            raise Unreadable(f"{SENTENCES[name]} {SAVE_AS}" if name in CURABLE else str(SENTENCES[name]))
    return read_workbook(BytesIO(data)) if data.startswith(b"PK") else read_delimited(data)
