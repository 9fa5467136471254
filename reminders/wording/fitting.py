"""Making a text fit: the longest of its softer values are cut first, at the borders of words."""

from collections.abc import Callable, Sequence
from typing import Final

SHORTEST: Final = 20  # signs that a value keeps
Render = Callable[[int], str]


def cut(text: str, limit: int, mark: str = "..") -> str:
    """Cut at the border of a word; what stood in brackets goes whole."""
    if len(text) <= limit:
        return text
    room = text[: max(limit - len(mark), 1)]
    kept = room[: room.rfind(" ")] if " " in room and text[len(room)] != " " else room
    if kept.count("(") > kept.count(")") and not kept.startswith("("):
        kept = kept[: kept.rfind("(")]
    whole = text[len(kept) :].lstrip().startswith("(")
    return kept.rstrip(" ,.;:-") + ("" if whole else mark)


def cut_names(names: Sequence[str], limit: int, join: Callable[[Sequence[str]], str]) -> str:
    """Name as many as fit, and count the others: `Bu Ani, Bu Siti +3`."""
    whole = join(names)
    if len(whole) <= limit or len(names) < 2:  # noqa: PLR2004
        return whole
    for kept in range(len(names) - 1, 1, -1):
        short = f"{', '.join(names[:kept])} +{len(names) - kept}"
        if len(short) <= limit:
            return short
    return f"{names[0]} +{len(names) - 1}"


def widest(render: Render, fits: Callable[[str], bool], longest: int) -> str | None:
    """Write the text with the widest values that fit; None when even the shortest do not."""
    whole = render(longest)
    if fits(whole):
        return whole
    if not fits(short := render(SHORTEST)):
        return None
    low, high, found = SHORTEST, longest, short
    while high - low > 1:
        middle = (low + high) // 2
        written = render(middle)
        if fits(written):
            low, found = middle, written
        else:
            high = middle
    return found
