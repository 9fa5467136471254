"""The certificate as it is printed: its words, and the sheet of A4 they are drawn on.

An official paper exists in one language, so its sentences are written here in Indonesian and are never translated;
dates and modules are asked to speak it too. So the same row gives the same bytes on every day.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Final
from zipfile import ZipFile, ZipInfo

import segno
from django.contrib.staticfiles import finders
from django.utils import translation
from django.utils.text import get_valid_filename
from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from common.dates import local_date, span, written_date
from common.paper.fonts import BOLD, FAMILY, lay_fonts, legible
from common.zones import Zone
from papers.models import Certificate
from papers.states import CertificateState
from progress.summary import PersonCell, training_hours

WIDTH, HEIGHT = landscape(A4)
MIDDLE, ROOM = WIDTH / 2, 226 * mm
EDGE, BAND = 9 * mm, 6 * mm
INK, SOFT, GREEN, DEEP, OCHRE, RED = map(HexColor, ("#1a1a1a", "#4a4740", "#0b5d3b", "#063d27", "#b8790b", "#8a1c13"))
LARGEST, SMALLEST = 38, 8
_THREAD: Final = re.compile(r"M([\d.-]+) ([\d.-]+)V([\d.-]+)")
_BUNDLE: Final = re.compile(r'<path stroke="(#[0-9a-f]{6})" d="([^"]*)"')


@dataclass(frozen=True)
class Face:
    """What stands on one certificate, line by line."""

    number: str
    organiser: str
    name: str
    erased: bool
    course: str
    group: str
    days: str
    hours: str
    modules: str
    given: str
    signer: str
    position: str
    under: str
    address: str  # as a camera reads it
    revoked: str

    @property
    def words(self) -> str:
        """Write the address as a person types it."""
        return self.address.partition("://")[2]

    @property
    def file_name(self) -> str:
        """Name the file by number and bearer."""
        return get_valid_filename(f"{self.number} {'' if self.erased else self.name}".strip())


def face_of(certificate: Certificate, *, base_url: str) -> Face:
    """Put a certificate into words; the same row gives the same words on every day."""
    facts, name = certificate.facts, certificate.printed_name
    first, last = (date.fromisoformat(facts[end]) for end in ("first_on", "last_on"))
    with translation.override("id"):
        return Face(
            number=certificate.number,
            organiser=facts["organiser"],
            name=name or "nama dihapus atas permintaan",
            erased=not name,
            course=facts["program"],
            group=f"{facts['cohort']}, Desa Devisa {facts['place']}",
            days=span(first, last),
            hours=f"{facts['minutes']} menit pelatihan ({training_hours(facts['minutes'])} JP @ 45 menit)",
            modules=", ".join(PersonCell(**cell).name for cell in facts["modules"]),
            given=f"Diberikan di {certificate.given_in}, {written_date(certificate.given_on)}",
            signer=certificate.signer,
            position=certificate.position,
            under=f"NIP {certificate.signer_number}" if certificate.signer_number else "",
            address=f"{base_url}/v/{certificate.number}",
            revoked=_revoked(certificate),
        )


def _revoked(certificate: Certificate) -> str:
    if certificate.state != CertificateState.REVOKED or certificate.revoked_at is None:
        return ""
    return f"DICABUT {written_date(local_date(certificate.revoked_at, Zone.WIB))}"


def write_certificates(faces: Iterable[Face], to: BinaryIO) -> None:
    """Write one page for each as one PDF; the same faces give the same bytes."""
    lay_fonts()
    canvas = Canvas(to, pagesize=(WIDTH, HEIGHT), pageCompression=1, invariant=1, lang="id-ID")
    _lay_frame(canvas)
    for face in faces:
        canvas.setTitle(legible(f"Sertifikat {face.number}"))
        canvas.setAuthor(legible(face.organiser))
        _draw(canvas, face)
        canvas.showPage()
    canvas.save()


def pdf_of(face: Face) -> bytes:
    """Write one certificate as a PDF of its own."""
    page = BytesIO()
    write_certificates([face], page)
    return page.getvalue()


def write_bundle(faces: Iterable[Face], to: BinaryIO) -> None:
    """Write one PDF for each into a zip; the same faces give the same bytes."""
    with ZipFile(to, "w") as bundle:
        for face in faces:
            bundle.writestr(ZipInfo(f"{face.file_name}.pdf"), pdf_of(face))


def _draw(canvas: Canvas, face: Face) -> None:
    canvas.doForm("frame")
    _centred(
        canvas, legible(face.organiser).upper(), at=176, size=_fitting(face.organiser.upper(), BOLD, 11), font=BOLD
    )
    _centred(canvas, "SERTIFIKAT", at=157, size=34, font=BOLD, ink=DEEP, tracking=7)
    _centred(canvas, f"Nomor {face.number}", at=148.5, size=10.5, ink=SOFT)
    _centred(canvas, "diberikan kepada", at=136, size=12, ink=SOFT)
    _name(canvas, face)
    _centred(canvas, "yang telah menyelesaikan pelatihan", at=99, size=12, ink=SOFT)
    _centred(canvas, face.course, at=89.5, size=_fitting(face.course, BOLD, 17), font=BOLD)
    for line, at in ((face.group, 81.5), (f"{face.days} · {face.hours}", 74.5), (face.modules, 67.5)):
        _centred(canvas, line, at=at, size=_fitting(line, FAMILY, 11))
    _code(canvas, face)
    _hand(canvas, face)
    if face.revoked:
        _stamp(canvas, face.revoked)


def _centred(
    canvas: Canvas, text: str, *, at: float, size: float, font: str = FAMILY, ink: Color = INK, tracking: float = 0
) -> None:
    """Write one line in the middle, its foot `at` millimetres above the edge of the page."""
    drawn = legible(text)
    width = stringWidth(drawn, font, size) + tracking * (len(drawn) - 1)
    canvas.setFillColor(ink)
    canvas.setFont(font, size)
    canvas.drawString(MIDDLE - width / 2, at * mm, drawn, charSpace=tracking)


def _fitting(text: str, font: str, largest: float, room: float = ROOM) -> float:
    """Tell the size at which a line fits into its room."""
    width = stringWidth(legible(text), font, largest)
    return largest if width <= room else largest * room / width


def _name(canvas: Canvas, face: Face) -> None:
    """Write the name as large as fits on one line or two, over a thread of ochre."""
    font, ink = (FAMILY, SOFT) if face.erased else (BOLD, GREEN)
    size, lines = (16.0, [face.name]) if face.erased else spread(legible(face.name), BOLD)
    leading = size * 1.12 / mm
    foot = 118 - size * 0.36 / mm + (len(lines) - 1) * leading / 2
    for place, line in enumerate(lines):
        _centred(canvas, line, at=foot - place * leading, size=size, font=font, ink=ink)
    canvas.setStrokeColor(OCHRE)
    canvas.setLineWidth(1.2)
    canvas.line(MIDDLE - 45 * mm, 106 * mm, MIDDLE + 45 * mm, 106 * mm)


def spread(text: str, font: str, room: float = ROOM) -> tuple[float, list[str]]:
    """Find the largest size at which a text fits on one line or, smaller, on two."""
    whole = _fitting(text, font, LARGEST, room)
    halves = _halves(text, font)
    parted = min(_fitting(half, font, LARGEST * 0.7, room) for half in halves)
    if whole >= min(parted, LARGEST * 0.6):
        return max(whole, SMALLEST), [text]
    return max(parted, SMALLEST), halves


def _halves(text: str, font: str) -> list[str]:
    """Part a text at the space that leaves the shorter lines; where there is none, in the middle."""
    spaces = [place for place, sign in enumerate(text) if sign == " "]
    if not spaces:
        return [text[: len(text) // 2], text[len(text) // 2 :]]
    longest = {place: max(stringWidth(text[:place], font, 1), stringWidth(text[place:], font, 1)) for place in spaces}
    best = min(spaces, key=longest.__getitem__)
    return [text[:best], text[best + 1 :]]


def _code(canvas: Canvas, face: Face) -> None:
    """Draw the QR code, dark runs as one stroke each, and say where it leads."""
    left, foot, side = 33 * mm, 27 * mm, 26 * mm
    rows = [[*row] for row in segno.make(face.address, error="m").matrix_iter(border=0)]
    size = side / len(rows)
    canvas.setFillColor(INK)
    for place, row in enumerate(rows):
        for start, length in _runs(row):
            canvas.rect(left + start * size, foot + side - (place + 1) * size, length * size, size, stroke=0, fill=1)
    canvas.setFont(FAMILY, 8.5)
    canvas.drawString(left + side + 5 * mm, foot + 13.5 * mm, "Periksa keasliannya:")
    canvas.setFont(BOLD, _fitting(face.words, BOLD, 8.5, 78 * mm))
    canvas.drawString(left + side + 5 * mm, foot + 8.5 * mm, face.words)


def _runs(row: Sequence[int]) -> Iterable[tuple[int, int]]:
    start = None
    for place, dark in enumerate([*row, 0]):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            yield start, place - start
            start = None


def _hand(canvas: Canvas, face: Face) -> None:
    """Write place and day, leave room for the hand, and name who signs."""
    middle, room = 219 * mm, 92 * mm
    lines = [(face.given, 57, FAMILY, 10.5), (face.position, 51.5, FAMILY, 10.5), (face.signer, 29.5, BOLD, 11.5)]
    lines.append((face.under, 23.5, FAMILY, 8.5))
    canvas.setFillColor(INK)
    for text, at, font, largest in lines:
        canvas.setFont(font, _fitting(text, font, largest, room))
        canvas.drawCentredString(middle, at * mm, legible(text))
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(0.6)
    canvas.line(middle - 36 * mm, 27.8 * mm, middle + 36 * mm, 27.8 * mm)


def _stamp(canvas: Canvas, text: str) -> None:
    """Write across the page that it no longer holds."""
    canvas.saveState()
    canvas.translate(MIDDLE, HEIGHT / 2)
    canvas.rotate(18)
    canvas.setFillColor(RED)
    canvas.setStrokeColor(RED)
    canvas.setLineWidth(2.5)
    width = stringWidth(text, BOLD, 30)
    canvas.setFillAlpha(0.85)
    canvas.setStrokeAlpha(0.85)
    canvas.roundRect(-width / 2 - 8 * mm, -8 * mm, width + 16 * mm, 21 * mm, 3 * mm, fill=0)
    canvas.setFont(BOLD, 30)
    canvas.drawCentredString(0, -1 * mm, text)
    canvas.restoreState()


def _lay_frame(canvas: Canvas) -> None:
    """Weave the border once for all pages: four bands of the house's cloth between two thin lines."""
    canvas.beginForm("frame", 0, 0, WIDTH, HEIGHT)
    for turned, long, wide in ((False, WIDTH, HEIGHT), (True, HEIGHT, WIDTH)):
        for far in (False, True):
            canvas.saveState()
            if turned:
                canvas.transform(0, 1, 1, 0, 0, 0)
            if far:
                canvas.transform(1, 0, 0, -1, 0, wide)
            _band(canvas, EDGE, long - EDGE)
            canvas.restoreState()
    _corners(canvas)
    canvas.setStrokeColor(OCHRE)
    canvas.setLineWidth(0.7)
    inset = EDGE + BAND + 1.6 * mm
    canvas.rect(inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset)
    canvas.endForm()


def _band(canvas: Canvas, start: float, end: float) -> None:
    """Weave whole motifs from corner to corner, along the lower edge."""
    first, last = start + BAND, end - BAND
    scale = BAND / 20
    count = round((last - first) / (60 * scale))
    stretch = (last - first) / (60 * count)
    canvas.setFillColor(DEEP)
    canvas.rect(start, EDGE, end - start, BAND, stroke=0, fill=1)
    canvas.translate(first, EDGE)
    canvas.scale(stretch, scale)
    canvas.setLineWidth(1.8)
    for colour, threads in _cloth():
        canvas.setStrokeColor(HexColor(colour))
        lines = [(60 * motif + x, top, 60 * motif + x, foot) for motif in range(count) for x, top, foot in threads]
        canvas.lines(lines)


def _corners(canvas: Canvas) -> None:
    """Close the four corners with a diamond."""
    canvas.setFillColor(white)
    half = BAND / 2
    for x in (EDGE + half, WIDTH - EDGE - half):
        for y in (EDGE + half, HEIGHT - EDGE - half):
            diamond = canvas.beginPath()
            diamond.moveTo(x - half * 0.6, y)
            for across, up in ((0, 0.6), (0.6, 0), (0, -0.6)):
                diamond.lineTo(x + across * half, y + up * half)
            diamond.close()
            canvas.drawPath(diamond, stroke=0, fill=1)


@cache
def _cloth() -> list[tuple[str, list[tuple[float, ...]]]]:
    """Read the threads of one motif, 60 by 20, from the cloth that the pages show."""
    found: Any = finders.find("weave.svg")
    drawn = Path(found).read_text(encoding="utf-8")
    return [
        (colour, [tuple(map(float, thread)) for thread in _THREAD.findall(path)])
        for colour, path in _BUNDLE.findall(drawn)
    ]
