"""The eight criteria as a web: where its lines, words and marks lie. Pure geometry; templates only write it down.

Units are those of the drawing's own box, WIDTH x HEIGHT; on a phone of 360 px one unit is about 0.9 px.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, pi, sin

WIDTH, HEIGHT = 360, 290
CENTRE = (180.0, 146.0)
RADIUS = 88.0
WORDS_AT = 98.0  # distance of the words from the centre
LETTER = 8.6  # width of a letter of the words in a wide bold face such as DejaVu Sans; others are narrower
LINE = 17.0  # from the name of an axis to its figures below
MARK = 4.5

Point = tuple[float, float]


@dataclass(frozen=True)
class Axis:
    """One criterion: its line from the centre, its short name, and its figures below the name."""

    end: Point
    at: Point
    anchor: str  # "start" right of the centre, "end" left of it: the words grow outwards
    name: str
    figures: str

    @property
    def below(self) -> float:
        """Height at which the figures stand."""
        return round(self.at[1] + LINE, 1)

    @property
    def span(self) -> Point:
        """Left and right edge of the words, by a generous width of letters."""
        wide = LETTER * max(len(self.name), len(self.figures))
        left = self.at[0] if self.anchor == "start" else self.at[0] - wide
        return left, left + wide


@dataclass(frozen=True)
class Ring:
    """One value of the scale, all around."""

    value: int
    points: str
    at: Point  # where the value is written


@dataclass(frozen=True)
class Shape:
    """One assessment as a closed line with its marks."""

    look: str  # "now" or "before"
    points: str
    marks: tuple[Point, ...]


@dataclass(frozen=True)
class Radar:
    """The whole drawing."""

    width: int
    height: int
    centre: Point
    axes: tuple[Axis, ...]
    rings: tuple[Ring, ...]
    shapes: tuple[Shape, ...]  # the earlier one first, so that the later lies above it
    mark: float = MARK


def radar_of(
    names: Mapping[str, str],
    *,
    scale: Sequence[int],
    now: Mapping[str, int],
    before: Mapping[str, int] | None = None,
) -> Radar:
    """Draw one assessment, or two of one scale; names by criterion, values by criterion, all within the scale."""
    codes, drawn = list(names), [("before", before), ("now", now)]
    return Radar(
        width=WIDTH,
        height=HEIGHT,
        centre=CENTRE,
        axes=tuple(
            _axis(index, len(codes), names[code], _figures(code, now, before)) for index, code in enumerate(codes)
        ),
        rings=tuple(_ring(value, scale, len(codes)) for value in scale),
        shapes=tuple(
            _shape(look, [values.get(code, scale[0] - 1) for code in codes], scale) for look, values in drawn if values
        ),
    )


def at_distance(index: int, axes: int, distance: float) -> Point:
    """Find the point on one axis at a distance from the centre; the axes begin half a step right of upright."""
    angle = (index + 0.5) * 2 * pi / axes
    return round(CENTRE[0] + distance * sin(angle), 1), round(CENTRE[1] - distance * cos(angle), 1)


def reach(value: int, scale: Sequence[int]) -> float:
    """Tell how far out a value lies: the lowest stands one step from the centre, the highest at the rim."""
    return RADIUS * (value - scale[0] + 1) / len(scale)


def _axis(index: int, axes: int, name: str, figures: str) -> Axis:
    x, y = at_distance(index, axes, WORDS_AT)
    anchor = "start" if x > CENTRE[0] else "end"
    return Axis(at_distance(index, axes, RADIUS), (x, _lifted(y)), anchor, name, figures)


def _lifted(y: float) -> float:
    """Set the two lines of words so that they stand clear of the rim: above it at the top, below it at the foot."""
    return round(y - LINE if y < CENTRE[1] else y + LINE / 2, 1)


def _figures(code: str, now: Mapping[str, int], before: Mapping[str, int] | None) -> str:
    later = str(now.get(code, "–"))
    return f"{before.get(code, '–')} → {later}" if before else later


def _ring(value: int, scale: Sequence[int], axes: int) -> Ring:
    corners = [at_distance(index, axes, reach(value, scale)) for index in range(axes)]
    return Ring(value, _joined(corners), (CENTRE[0], round(corners[0][1] - 2, 1)))


def _shape(look: str, values: Sequence[int], scale: Sequence[int]) -> Shape:
    corners = tuple(at_distance(index, len(values), reach(value, scale)) for index, value in enumerate(values))
    return Shape(look, _joined(corners), corners)


def _joined(corners: Sequence[Point]) -> str:
    return " ".join(f"{x},{y}" for x, y in corners)
