"""National ids are not kept: no number of 16 digits gets past this room."""

import re
from collections.abc import Sequence
from typing import Final

from villages.intake.columns import SECRET

HIDDEN: Final = "▮▮▮▮"
SHORTEST: Final = 6
DIGITS: Final = re.compile(r"(?<!\d)\d(?:[ .\-'’]?\d){15}(?!\d)")
ROUNDED: Final = re.compile(r"(?<![\d.,])\d(?:[.,]\d+)?[eE]\+?15(?!\d)")


def scrub(text: str) -> str:
    """Put a mark in the place of each number of 16 digits, also of one that a spreadsheet has rounded."""
    if len(text) < SHORTEST:
        return text
    return ROUNDED.sub(HIDDEN, DIGITS.sub(HIDDEN, text))


def scrubbed(cells: Sequence[str], fields: Sequence[str]) -> list[str]:
    """Give as many cells as there are columns; of ids only that there was one."""
    padded = [*cells[: len(fields)], *[""] * (len(fields) - len(cells))]
    return [_hidden(cell) if field == SECRET else scrub(cell) for cell, field in zip(padded, fields, strict=True)]


def _hidden(cell: str) -> str:
    return HIDDEN if cell.strip() else ""
