"""The letters of every paper: Bitstream Vera, embedded, as it comes inside the reportlab wheel.

Vera may be bundled and embedded with any software, as long as it is not sold by itself and a changed font gets another
name (reportlab/fonts/bitstream-vera-license.txt); we change nothing and ship no file. It writes Latin-1 and what else
Western European and Turkish names need (é è ê ñ ç š ž ß ø œ ğ ı ş đ ł), and the signs of print (’ “ ” – • … ×).
Whatever it lacks (ē ŋ ő ț and other scripts) is written with the nearest base letter, never with a black box.
"""

from functools import cache
from unicodedata import category, combining, normalize

from reportlab.lib.fonts import addMapping
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont

FAMILY = "Paper"
BOLD = "Paper-Bold"
FACES = ((FAMILY, "Vera.ttf"), (BOLD, "VeraBd.ttf"), ("Paper-Italic", "VeraIt.ttf"), ("Paper-BoldItalic", "VeraBI.ttf"))
# Letters that do not fall apart into a base letter and a mark, and signs that people type.
NEAREST = str.maketrans("ŋŊħĦŧŦĸəƏɓɗʼʻʾʿ′″‐‑‒―→✓☐●▪\u2007\u2009\u202f", "nNhHtTkeEbd’‘’‘’”--–—-v-••   ")
UNKNOWN = "?"


@cache
def lay_fonts() -> frozenset[int]:
    """Register the family once; tell which code points all of its faces can write."""
    faces = [TTFont(name, file) for name, file in FACES]
    for face in faces:
        registerFont(face)
    for place, (name, _file) in enumerate(FACES):
        addMapping(FAMILY, place % 2, place // 2, name)
    return frozenset.intersection(*(frozenset(face.face.charToGlyph) for face in faces))


def legible(text: str) -> str:
    """Write a text with letters that the font has: its own, else the nearest base letter, else a question mark."""
    return "".join(_letter(sign) for sign in normalize("NFC", text))


@cache
def _letter(sign: str) -> str:
    known = lay_fonts()
    if sign == "\n" or ord(sign) in known:
        return sign
    near = "".join(part for part in normalize("NFKD", sign.translate(NEAREST)) if not combining(part))
    if near and near != sign:
        return legible(near)
    return "" if category(sign) in {"Mn", "Me", "Cf", "Cc"} else UNKNOWN
