"""Blocks drawn as reportlab's flowables; every text passes `legible` and is escaped."""

from collections.abc import Callable, Sequence
from html import escape
from io import BytesIO
from typing import Any

import segno
from reportlab.lib.colors import black
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.platypus import CondPageBreak, Flowable, Image, KeepTogether, PageBreak, Paragraph, Spacer, Table

from common.paper.content import (
    Beside,
    Block,
    Code,
    Column,
    Facts,
    Gap,
    Grid,
    Half,
    Head,
    Leaf,
    Picture,
    Plate,
    Plates,
    Points,
    Signature,
    Signatures,
    Sketch,
    Tiles,
    Title,
    Words,
)
from common.paper.figures import SketchFlowable, tiles_of
from common.paper.fonts import BOLD, FAMILY, legible

SIZES = {"small": 7.5, "normal": 9.5, "large": 14.0, "huge": 25.0}
ALIGNS = {"left": TA_LEFT, "center": TA_CENTER, "right": TA_RIGHT}
THIN, PAD = 0.5, 2
RULED, LIGHT = 8.5, 7.5  # sizes of the words in a table
BARE = [
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]
TIGHT = [("TOPPADDING", (0, 0), (-1, -1), 0), ("BOTTOMPADDING", (0, 0), (-1, -1), 0)]
SIGNING_ROOM = 18 * mm
HEADING_ROOM = 25 * mm  # a line in bold begins no page's end


def words(text: str, *, size: float = 9.5, align: str = "left", bold: bool = False, **more: Any) -> Paragraph:
    """Draw a paragraph; words longer than a line are broken."""
    style = ParagraphStyle(
        "",
        fontName=BOLD if bold else FAMILY,
        fontSize=size,
        leading=size * 1.35,
        alignment=ALIGNS[align],
        splitLongWords=True,
        **more,
    )
    return Paragraph(escape(legible(text), quote=False).replace("\n", "<br/>"), style)


class QrCode(Flowable):
    """A QR code of squares, sharp at any size."""

    def __init__(self, address: str, side: float) -> None:
        super().__init__()
        self.modules = [list(row) for row in segno.make(address, error="m").matrix_iter(border=2)]
        self.width = self.height = side * mm

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Take as much room as it is wide."""
        return self.width, self.height

    def draw(self) -> None:
        """Fill the dark modules, row by row from the top."""
        size = self.width / len(self.modules)
        self.canv.setFillColor(black)
        for row, line in enumerate(self.modules):
            for column, dark in enumerate(line):
                if dark:
                    self.canv.rect(column * size, self.height - (row + 1) * size, size, size, stroke=0, fill=1)


def picture(image: bytes, *, width: float, height: float, align: str = "center") -> Image:
    """Draw an image as large as fits into these millimetres, its proportions kept."""
    drawn = Image(BytesIO(image), hAlign=align.upper())
    scale = min(width * mm / drawn.imageWidth, height * mm / drawn.imageHeight)
    drawn.drawWidth, drawn.drawHeight = drawn.imageWidth * scale, drawn.imageHeight * scale
    return drawn


def letterhead(head: Head, width: float) -> list[Flowable]:
    """Draw who writes over a double rule, the logo at its left."""
    middle = [words(head.organiser.upper(), size=12, align="center", bold=True)]
    if head.unit:
        middle.append(words(head.unit.upper(), size=10.5, align="center", bold=True))
    middle += [words(line, size=8, align="center") for line in head.lines]
    side = 24 * mm if head.logo else 0
    logo = picture(head.logo, width=20, height=20) if head.logo else ""
    rules = [
        ("LINEBELOW", (0, 0), (-1, 0), 1.5, black, "butt", None, None, 2, 1),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ]
    return [
        Table([[logo, middle, ""]], [side, width - 2 * side, side], style=[*BARE, *rules], spaceAfter=4 * mm),
    ]


def _title(block: Title, _width: float) -> list[Flowable]:
    drawn = [words(block.text.upper(), size=12, align="center", bold=True)]
    if block.under:
        drawn.append(words(block.under, align="center"))
    return [KeepTogether(drawn), Spacer(0, 4 * mm)]


def _facts(block: Facts, width: float) -> list[Flowable]:
    rows = [[words(term), words(":"), words(value)] for term, value in block.rows]
    tight = [("TOPPADDING", (0, 0), (-1, -1), 0.5), ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5)]
    aside = (block.code.side + 6) * mm if block.code else 0
    widths = [34 * mm, 4 * mm, width - 38 * mm - aside]
    table = Table(rows, widths, style=[*BARE, *tight], spaceAfter=3 * mm)
    if not block.code:
        return [table]
    code = QrCode(block.code.address, block.code.side)
    code.hAlign = "RIGHT"
    beside = [code, words(block.code.caption, size=6, align="right")]
    style = [*BARE, ("ALIGN", (1, 0), (1, 0), "RIGHT")]
    return [Table([[table, beside]], [width - aside, aside], style=style, spaceAfter=3 * mm)]


def _words(block: Words, _width: float) -> list[Flowable]:
    drawn = words(block.text, size=SIZES[block.size], align=block.align, bold=block.bold, spaceAfter=2.5 * mm)
    return [CondPageBreak(HEADING_ROOM), drawn] if block.bold else [drawn]


def _points(block: Points, _width: float) -> list[Flowable]:
    heading = [words(block.heading, bold=True, spaceAfter=1 * mm, keepWithNext=True)] if block.heading else []
    items = [
        words(f"{number}. {item}", leftIndent=6 * mm, firstLineIndent=-6 * mm, spaceAfter=1 * mm)
        for number, item in enumerate(block.items, 1)
    ]
    return [*heading, *(items or [words("–")]), Spacer(0, 2 * mm)]


def _grid(block: Grid, width: float) -> list[Flowable]:
    return [_ruled(block, width, [])]


def signed_grid(block: Grid, signatures: Signatures, width: float) -> list[Flowable]:
    """Draw a grid and its signatures as one: the last rows go over to the page on which it is signed."""
    return [_ruled(block, width, [Spacer(0, 4 * mm), _signing(signatures, width)])]


def _ruled(block: Grid, width: float, closing: list[Flowable]) -> Table:
    widths, size = _widths(block, width), LIGHT if block.light else RULED
    header = [words(each.title, size=size, align=_head(each, block), bold=True) for each in block.columns]
    rows: list[list[Any]] = [
        [_cell(cell, column.align, room, size) for cell, column, room in zip(row, block.columns, widths, strict=True)]
        for row in block.rows
    ]
    heights = [None, *(_height(row, widths, block.height * mm) for row in rows)]
    last = len(rows)
    style = _rules(last, light=block.light)
    if closing:
        rows, heights = [*rows, [closing, *[""] * (len(widths) - 1)]], [*heights, None]
        bare = [(name, (0, -1), *rest) for name, _from, *rest in BARE]
        style += [*bare, ("SPAN", (0, -1), (-1, -1)), ("NOSPLIT", (0, max(1, last - 1)), (0, -1))]
    return Table([header, *rows], widths, heights, repeatRows=1, style=style, spaceAfter=(2 if block.light else 4) * mm)


def _rules(last: int, *, light: bool) -> list[Any]:
    """Rule a table of so many rows: every cell, or only under its rows."""
    grid: list[Any] = [("GRID", (0, 0), (-1, last), THIN, black), ("BACKGROUND", (0, 0), (-1, 0), "#e8e8e8")]
    if light:
        grid = [("LINEBELOW", (0, 0), (-1, last), 0.3, "#b5ad9d"), ("LINEBELOW", (0, 0), (-1, 0), 0.9, "#0b5d3b")]
    return [
        *grid,
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        *((f"{side}PADDING", (0, 0), (-1, last), PAD) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")),
    ]


def _head(column: Column, block: Grid) -> str:
    return column.align if block.light else "center"


def _height(row: list[Paragraph], widths: list[float], least: float) -> float:
    """Tell how high a row is: at least so many points, and what its longest cell needs."""
    needed = max(cell.wrap(room - 2 * PAD, 1e6)[1] for cell, room in zip(row, widths, strict=True))
    return float(max(needed + 2 * PAD, least))


def _widths(block: Grid, width: float) -> list[float]:
    given = sum(column.width for column in block.columns) * mm
    loose = sum(1 for column in block.columns if not column.width)
    return [column.width * mm if column.width else (width - given) / loose for column in block.columns]


def _cell(cell: str | Half, align: str, width: float, size: float) -> Paragraph:
    if isinstance(cell, Half):
        return words(cell.text, size=size, leftIndent=width / 2 - PAD)
    return words(cell, size=size, align=align)


def _signatures(block: Signatures, width: float) -> list[Flowable]:
    return [KeepTogether([Spacer(0, 4 * mm), _signing(block, width)])]


def _signing(block: Signatures, width: float) -> Table:
    left = _signature(block.left) if block.left else ["", "", ""]
    right = _signature(block.right)
    tight = [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("TOP", "BOTTOM")]
    style = [*BARE, *tight, ("VALIGN", (0, 0), (-1, -1), "BOTTOM"), ("VALIGN", (0, -1), (-1, -1), "TOP")]
    gap = 10 * mm
    column = (width - gap) / 2
    rows = [[a, "", b] for a, b in zip(left, right, strict=True)]
    return Table(rows, [column, gap, column], [None, SIGNING_ROOM, None], style=style)


def _signature(signature: Signature) -> list[Any]:
    """Draw a signature as three cells: over the hand, its room, under it."""
    over = [words(signature.above or " ", align="center"), words(signature.role, align="center")]
    room: Any = picture(signature.image, width=50, height=17) if signature.image else ""
    name = signature.name or "(" + "." * 42 + ")"
    under = [words(name, align="center", bold=bool(signature.name))]
    if signature.under:
        under.append(words(signature.under, size=8.5, align="center"))
    return [over, room, under]


def _code(block: Code, width: float) -> list[Flowable]:
    side = block.side * mm
    if not block.caption:
        code = QrCode(block.address, block.side)
        code.hAlign = block.align.upper()
        return [code]
    room = min(width, side + 80 * mm)
    row = [QrCode(block.address, block.side), words(block.caption, size=7.5)]
    style = [*BARE, ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("RIGHTPADDING", (0, 0), (0, 0), 6)]
    return [Table([row], [side + 6, room - side - 6], style=style, hAlign=block.align.upper())]


def _picture(block: Picture, _width: float) -> list[Flowable]:
    drawn: list[Flowable] = [picture(block.image, width=block.width, height=block.height, align=block.align)]
    if block.caption:
        drawn.append(words(block.caption, size=7.5, align=block.align))
    return [KeepTogether([*drawn, Spacer(0, 3 * mm)])]


class PlateFrame(Flowable):
    """A picture that is read when its page is drawn and let go at once; one that is lost leaves its frame."""

    def __init__(self, plate: Plate, width: float, height: float) -> None:
        super().__init__()
        self.plate, self.width, self.height = plate, width, height

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Take the room of the frame."""
        return self.width, self.height

    def draw(self) -> None:
        """Fit the picture to the left of the frame, its proportions kept."""
        sent = self.plate.read()
        if not sent:
            self.canv.rect(0, 0, self.width, self.height)
            return
        image = ImageReader(BytesIO(sent))
        self.canv.drawImage(image, 0, 0, self.width, self.height, preserveAspectRatio=True, anchor="w")


def _plates(block: Plates, width: float) -> list[Flowable]:
    column, height = (width - 4 * mm) / 2, block.height * mm
    frames: list[Any] = [PlateFrame(plate, column, height) for plate in block.plates]
    frames += [""] * (len(frames) % 2)
    rows = [frames[place : place + 2] for place in range(0, len(frames), 2)]
    style = [*BARE, ("TOPPADDING", (0, 0), (-1, -1), 0), ("ALIGN", (1, 0), (1, -1), "RIGHT")]
    table = Table(rows, [width / 2, width / 2], style=style)
    heading = words(block.heading, bold=True, spaceAfter=1 * mm)
    return [KeepTogether([heading, table, Spacer(0, 2 * mm)])]


def _gap(block: Gap, _width: float) -> list[Flowable]:
    return [Spacer(0, block.height * mm)]


def _leaf(_block: Leaf, _width: float) -> list[Flowable]:
    return [PageBreak()]


def _tiles(block: Tiles, width: float) -> list[Flowable]:
    return [tiles_of(block, width, words), Spacer(0, 3 * mm)]


def _sketch(block: Sketch, width: float) -> list[Flowable]:
    drawn: list[Flowable] = [SketchFlowable(block, min(block.span * mm, width))]
    return [*drawn, words(block.caption, size=7, align="center", spaceAfter=1 * mm)] if block.caption else drawn


def _beside(block: Beside, width: float) -> list[Flowable]:
    gap = 5 * mm
    left = (width - gap) * block.share
    right = width - gap - left
    row = [draw(block.left, left), "", draw(block.right, right)]
    return [Table([row], [left, gap, right], style=[*BARE, *TIGHT], spaceAfter=3 * mm)]


DRAWN: dict[type[Any], Callable[[Any, float], list[Flowable]]] = {
    Title: _title,
    Facts: _facts,
    Words: _words,
    Points: _points,
    Grid: _grid,
    Signatures: _signatures,
    Code: _code,
    Picture: _picture,
    Plates: _plates,
    Gap: _gap,
    Leaf: _leaf,
    Tiles: _tiles,
    Sketch: _sketch,
    Beside: _beside,
}


def draw(blocks: Sequence[Block], width: float) -> list[Flowable]:
    """Draw blocks in this width (points); signatures never stand on a page without what they sign."""
    story: list[Flowable] = []
    left = list(blocks)
    while left:
        block, following = left.pop(0), left[0] if left else None
        if isinstance(block, Grid) and isinstance(following, Signatures):
            story += signed_grid(block, following, width)
            left.pop(0)
        else:
            story += DRAWN[type(block)](block, width)
    return story
