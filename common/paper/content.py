"""The content of a paper as plain data: no fonts, no markup; each block knows the template of its page."""

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

import segno
from django.utils.safestring import SafeString, mark_safe

Align = Literal["left", "center", "right"]
Size = Literal["small", "normal", "large", "huge"]
Look = Literal["thin", "now", "before"]  # of a line: a rule of the drawing, what holds, what held before


def _source(image: bytes) -> str:
    """Write an image as the address of itself; PNG and JPEG are told apart by their first bytes."""
    kind = "png" if image.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{b64encode(image).decode()}" if image else ""


@dataclass(frozen=True)
class Head:
    """Kop surat: who writes, in capitals over a double rule."""

    organiser: str
    unit: str = ""
    lines: tuple[str, ...] = ()  # address, telephone, e-mail
    logo: bytes = b""  # PNG or JPEG

    @property
    def source(self) -> str:
        """Address the logo for a page."""
        return _source(self.logo)


@dataclass(frozen=True)
class Title:
    """The name of the paper in the middle, with what stands under it, such as its number."""

    text: str
    under: str = ""
    template: ClassVar[str] = "paper/title.html"


@dataclass(frozen=True)
class Words:
    """A paragraph; a line break in the text is one on paper."""

    text: str
    size: Size = "normal"
    align: Align = "left"
    bold: bool = False
    template: ClassVar[str] = "paper/words.html"


@dataclass(frozen=True)
class Points:
    """A numbered list under its heading; without items the heading says so by a dash."""

    items: tuple[str, ...]
    heading: str = ""
    template: ClassVar[str] = "paper/points.html"


@dataclass(frozen=True)
class Column:
    """One column of a grid; its width in millimetres, 0 takes an equal part of what is left."""

    title: str
    width: float = 0
    align: Align = "left"


@dataclass(frozen=True)
class Half:
    """A cell's text that begins in the middle of the cell: every second signature."""

    text: str


@dataclass(frozen=True)
class Grid:
    """A ruled table: its header is repeated on every page, its cells wrap, its rows are at least `height` mm high."""

    columns: tuple[Column, ...]
    rows: Sequence[tuple[str | Half, ...]]
    height: float = 0
    light: bool = False  # rules between the rows only, and smaller words: for figures that are read, not filled in
    template: ClassVar[str] = "paper/grid.html"

    @property
    def lines(self) -> list[list[tuple[str, str]]]:
        """Pair each cell's text with where it stands, for a page."""
        return [
            [
                (cell.text, "half") if isinstance(cell, Half) else (cell, column.align)
                for cell, column in zip(row, self.columns, strict=True)
            ]
            for row in self.rows
        ]


@dataclass(frozen=True)
class Signature:
    """Place and day, what role signs, room for the hand, and the name; `image` is drawn in the room."""

    role: str
    name: str = ""
    above: str = ""  # "Lamongan, 1 Oktober 2026", or "Mengetahui,"
    under: str = ""  # position, or NIP
    image: bytes = b""

    @property
    def source(self) -> str:
        """Address the image for a page."""
        return _source(self.image)


@dataclass(frozen=True)
class Signatures:
    """Up to two signatures side by side, never torn apart by a page; one alone stands right."""

    right: Signature
    left: Signature | None = None
    template: ClassVar[str] = "paper/signatures.html"

    @property
    def pair(self) -> tuple[Signature | None, Signature]:
        """Give both places from the left, for a page."""
        return self.left, self.right


@dataclass(frozen=True)
class Code:
    """A QR code `side` mm wide, beside the words that say where it leads."""

    address: str
    caption: str = ""
    side: float = 22
    align: Align = "left"
    template: ClassVar[str] = "paper/code.html"

    @property
    def svg(self) -> SafeString:
        """Draw the code for a page."""
        drawn = segno.make(self.address, error="m").svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None)
        return mark_safe(drawn)  # noqa: S308  drawn by us from an address of ours


@dataclass(frozen=True)
class Facts:
    """Pairs of what and how much, with the colons below each other; a code may stand at their right."""

    rows: tuple[tuple[str, str], ...]
    code: Code | None = None
    template: ClassVar[str] = "paper/facts.html"


@dataclass(frozen=True)
class Picture:
    """A photo or drawing, at most `width` mm wide and `height` mm high."""

    image: bytes
    caption: str = ""
    width: float = 170
    height: float = 110
    align: Align = "center"
    template: ClassVar[str] = "paper/picture.html"

    @property
    def source(self) -> str:
        """Address the image for a page."""
        return _source(self.image)


@dataclass(frozen=True)
class Plate:
    """One picture of several: where a page finds it, and how paper reads it, only when it is drawn; b"" is none."""

    address: str
    read: Callable[[], bytes]


@dataclass(frozen=True)
class Plates:
    """Pictures two by two under their heading, never torn apart by a page."""

    plates: tuple[Plate, ...]
    heading: str
    height: float = 32  # millimetres each
    template: ClassVar[str] = "paper/plates.html"


@dataclass(frozen=True)
class Gap:
    """Room of this many millimetres."""

    height: float
    template: ClassVar[str] = "paper/gap.html"


@dataclass(frozen=True)
class Leaf:
    """Go on with a new page."""

    template: ClassVar[str] = "paper/leaf.html"


@dataclass(frozen=True)
class Tile:
    """One figure that stands out, and what it is; `beside` says what must not be read into it."""

    number: str
    label: str
    beside: str = ""


@dataclass(frozen=True)
class Tiles:
    """Figures in a row of equal boxes."""

    tiles: tuple[Tile, ...]
    template: ClassVar[str] = "paper/tiles.html"


@dataclass(frozen=True)
class Stroke:
    """A line through points of a sketch, back to its beginning when it is closed."""

    points: tuple[tuple[float, float], ...]
    look: Look = "thin"
    closed: bool = True

    @property
    def path(self) -> str:
        """Write it for a page."""
        return " ".join(f"{x},{y}" for x, y in self.points)


@dataclass(frozen=True)
class Note:
    """Words at a point of a sketch, growing to the right or to the left of it."""

    text: str
    at: tuple[float, float]
    align: Align = "left"
    size: float = 12
    bold: bool = False

    @property
    def anchor(self) -> str:
        """Say it as a page does."""
        return {"left": "start", "center": "middle", "right": "end"}[self.align]


@dataclass(frozen=True)
class Sketch:
    """A line drawing in a box of its own units, its height measured downwards; `span` mm wide on paper."""

    width: float
    height: float
    strokes: tuple[Stroke, ...]
    notes: tuple[Note, ...] = ()
    span: float = 80
    caption: str = ""
    template: ClassVar[str] = "paper/sketch.html"


@dataclass(frozen=True)
class Beside:
    """Two columns; the left one takes this share of the width."""

    left: "tuple[Block, ...]"
    right: "tuple[Block, ...]"
    share: float = 0.5
    template: ClassVar[str] = "paper/beside.html"


Block = (
    Title | Facts | Words | Points | Grid | Signatures | Code | Picture | Plates | Gap | Leaf | Tiles | Sketch | Beside
)


@dataclass(frozen=True)
class Paper:
    """One paper of A4; its foot has the number, when it was printed, and which page this is of how many."""

    title: str  # names the file and the document, is not printed
    blocks: tuple[Block, ...] = field(default_factory=tuple)
    head: Head | None = None
    number: str = ""
    printed: str = ""
    landscape: bool = False
    foot: bool = True
    frame: bool = False  # a double line around the page, as certificates have
    single: bool = False  # all of it on one page, drawn smaller where it must be
