"""What is drawn of figures: boxes with a number that stands out, and line drawings in the colours of the house."""

from collections.abc import Callable
from typing import Any, Final

from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, Table

from common.paper.content import Note, Sketch, Stroke, Tiles
from common.paper.fonts import BOLD, FAMILY, legible

GREEN, OCHRE, LINE, TINT = "#0b5d3b", "#7a4d00", "#b5ad9d", "#f1ece1"
LOOKS: Final[dict[str, tuple[str, float, tuple[float, ...]]]] = {
    "thin": (LINE, 0.4, ()),
    "now": (GREEN, 1.4, ()),
    "before": (OCHRE, 1.1, (3.0, 2.0)),
}
LARGE, INSET = 15.0, 5
Write = Callable[..., Any]


class SketchFlowable(Flowable):
    """A line drawing so many points wide."""

    def __init__(self, sketch: Sketch, width: float) -> None:
        super().__init__()
        self.sketch, self.scale = sketch, width / sketch.width
        self.width, self.height = width, sketch.height * self.scale

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Take the room of the drawing."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the lines, and the words above them."""
        for stroke in self.sketch.strokes:
            self._stroke(stroke)
        self.canv.setDash()
        for note in self.sketch.notes:
            self._note(note)

    def _at(self, point: tuple[float, float]) -> tuple[float, float]:
        return point[0] * self.scale, self.height - point[1] * self.scale

    def _stroke(self, stroke: Stroke) -> None:
        colour, line, dash = LOOKS[stroke.look]
        self.canv.setStrokeColor(colour)
        self.canv.setLineWidth(line)
        self.canv.setDash(list(dash))
        path = self.canv.beginPath()
        first, *rest = (self._at(point) for point in stroke.points)
        path.moveTo(*first)
        for point in rest:
            path.lineTo(*point)
        if stroke.closed:
            path.close()
        self.canv.drawPath(path)

    def _note(self, note: Note) -> None:
        self.canv.setFillColor("#1a1a1a")
        self.canv.setFont(BOLD if note.bold else FAMILY, note.size * self.scale)
        write = {"left": self.canv.drawString, "center": self.canv.drawCentredString}.get(
            note.align, self.canv.drawRightString
        )
        write(*self._at(note.at), legible(note.text))


def _fitting(text: str, room: float) -> float:
    """Choose the size at which a number stays on one line."""
    return min(LARGE, float(LARGE * room / stringWidth(legible(text), BOLD, LARGE)))


def tiles_of(block: Tiles, width: float, write: Write) -> Table:
    """Draw boxes side by side, each with a green edge above its number."""
    count, gap = len(block.tiles), 3 * mm
    room = (width - gap * (count - 1)) / count
    cells: list[Any] = []
    widths: list[float] = []
    for tile in block.tiles:
        words = [
            write(tile.number, size=_fitting(tile.number, room - 2 * INSET), bold=True),
            write(tile.label, size=7.5),
        ]
        words += [write(tile.beside, size=7, textColor="#4a4740")] if tile.beside else []
        cells += [words, ""]
        widths += [room, gap]
    style: list[Any] = [("VALIGN", (0, 0), (-1, -1), "TOP")]
    for place in range(0, 2 * count - 1, 2):
        box = ((place, 0), (place, 0))
        style += [("BACKGROUND", *box, TINT), ("LINEABOVE", *box, 2, GREEN)]
        style += [(f"{side}PADDING", *box, INSET) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
    return Table([cells[:-1]], widths[:-1], style=style)
