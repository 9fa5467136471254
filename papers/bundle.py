"""The SPJ bundle: every paper of a session in one zip, written piece by piece, with a list of what is missing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO, RawIOBase
from typing import BinaryIO, Final, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from attendance.models import SheetPhoto
from attendance.sheet import sheet_code
from common.dates import long_date
from common.zones import tz
from papers.shelf import NOT_HELD, NOT_WRITTEN, Shelf
from papers.states import PaperKind
from papers.wording import LANGUAGE, SLUGS, activity_of, day_of
from programs.states import DELIVERED

LIST: Final = "DAFTAR-ISI.txt"
NO_PHOTO: Final = _("Nobody has photographed the signed sheet yet.")
NAMES: Final = {
    PaperKind.ASSIGNMENT: "Surat tugas",
    PaperKind.INVITATION: "Undangan",
    PaperKind.SHEET: "Daftar hadir untuk tanda tangan",
    PaperKind.RECORD: "Rekap kehadiran",
    PaperKind.MINUTES: "Berita acara",
}
FILES: Final = {
    PaperKind.ASSIGNMENT: f"01-{SLUGS[PaperKind.ASSIGNMENT]}.pdf",
    PaperKind.INVITATION: f"02-{SLUGS[PaperKind.INVITATION]}.pdf",
    PaperKind.SHEET: f"03-{SLUGS[PaperKind.SHEET]}.pdf",
    PaperKind.RECORD: f"04-{SLUGS[PaperKind.RECORD]}.pdf",
    PaperKind.MINUTES: f"06-{SLUGS[PaperKind.MINUTES]}.pdf",
}


@dataclass(frozen=True)
class Piece:
    """One thing in the bundle: its name on paper and in the reader's language, its file, or why it is missing."""

    name: str
    label: str | Promise
    file: str
    lacks: str | Promise
    write: Callable[[BinaryIO], None]
    note: str = ""
    cure: str = ""  # the name of the page that brings what is missing


def pieces_of(shelf: Shelf) -> list[Piece]:
    """List what belongs into the bundle, in its order."""
    papers = {kind: _paper(shelf, kind) for kind in PaperKind}
    lacks = shelf.place(PaperKind.RECORD).lacks
    name, label = "Rekap kehadiran (Excel)", _("Attendance as a workbook")
    book = Piece(name, label, "05-rekap-kehadiran.xlsx", lacks, shelf.write_workbook)
    last = papers.pop(PaperKind.MINUTES)
    return [*papers.values(), book, last, *_photos(shelf)]


def _paper(shelf: Shelf, kind: PaperKind) -> Piece:
    place = shelf.place(kind)
    note = " (belum bernomor)" if place.takes_number else ""
    cure = "minutes-edit" if place.lacks is NOT_WRITTEN else ""
    return Piece(NAMES[kind], place.label, FILES[kind], place.lacks, lambda to: shelf.write(kind, to), note, cure)


def _photos(shelf: Shelf) -> list[Piece]:
    name, label = "Foto daftar hadir bertanda tangan", _("Photos of the signed sheet")
    if not shelf.photos:
        if shelf.session.state not in DELIVERED:
            return [Piece(name, label, "", NOT_HELD, _nothing)]
        return [Piece(name, label, "", NO_PHOTO, _nothing, cure="session-photos")]
    return [
        Piece(f"{name} {place}", label, f"07-foto-{place:02}.jpg", "", _copy(photo))
        for place, photo in enumerate(shelf.photos, 1)
    ]


def _copy(photo: SheetPhoto) -> Callable[[BinaryIO], None]:
    def write(to: BinaryIO) -> None:
        with photo.file.open() as kept:
            to.writelines(kept.chunks())

    return write


def _nothing(_to: BinaryIO) -> None:
    """Write nothing: a missing piece has no content."""


class Sink(RawIOBase):
    """What a zip writes, until it is sent on; it cannot be turned back, so nothing is kept."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def writable(self) -> bool:
        """Take bytes."""
        return True

    def write(self, content: object, /) -> int:
        """Keep them until the next taking."""
        taken = bytes(content)  # type: ignore[call-overload]
        self.waiting.append(taken)
        return len(taken)

    def take(self) -> bytes:
        """Give what waits."""
        given, self.waiting = b"".join(self.waiting), []
        return given


def stream_bundle(shelf: Shelf) -> Iterator[bytes]:
    """Write the zip, piece by piece; the same papers at the same moment are the same bytes.

    A photo whose file was lost is listed as missing, and the rest is still given.
    """
    sink, listed = Sink(), []
    stamp = _stamp(shelf)
    with ZipFile(cast("BinaryIO", sink), "w") as bundle:
        for piece in pieces_of(shelf):
            content = _content(piece)
            listed.append(_line(piece, content))
            if content is not None:
                packed = ZIP_STORED if piece.file.endswith(".jpg") else ZIP_DEFLATED
                bundle.writestr(ZipInfo(piece.file, stamp), content, packed)
            yield sink.take()
        bundle.writestr(ZipInfo(LIST, stamp), _list(shelf, listed), ZIP_DEFLATED)
    yield sink.take()


def _stamp(shelf: Shelf) -> tuple[int, int, int, int, int, int]:
    at = shelf.at.astimezone(tz(shelf.session.zone))
    return at.year, at.month, at.day, at.hour, at.minute, at.second


def _content(piece: Piece) -> bytes | None:
    if piece.lacks:
        return None
    written = BytesIO()
    try:
        piece.write(written)
    except FileNotFoundError:
        return None
    return written.getvalue()


def _line(piece: Piece, content: bytes | None) -> str:
    if content is None:
        return f"BELUM ADA  {piece.name}"
    return f"ada        {piece.name}: {piece.file}{piece.note}"


@translation.override(LANGUAGE)
def _list(shelf: Shelf, lines: list[str]) -> str:
    session = shelf.session
    head = [
        f"SPJ {session.program.name}",
        activity_of(session),
        f"{long_date(day_of(session))} · lembar {sheet_code(session)}",
        "",
    ]
    return "\r\n".join([*head, *lines, ""])


def bundle_name(shelf: Shelf) -> str:
    """Name the zip by day and sheet."""
    return f"spj-{day_of(shelf.session):%Y-%m-%d}-{sheet_code(shelf.session)}.zip"
