"""What is printed: content as plain data, drawn once as PDF and once as a page."""

from common.paper.content import (
    Block,
    Code,
    Column,
    Facts,
    Gap,
    Grid,
    Half,
    Head,
    Leaf,
    Paper,
    Picture,
    Plate,
    Plates,
    Points,
    Signature,
    Signatures,
    Title,
    Words,
)
from common.paper.document import write_pdf
from common.paper.fonts import legible

__all__ = [
    "Block",
    "Code",
    "Column",
    "Facts",
    "Gap",
    "Grid",
    "Half",
    "Head",
    "Leaf",
    "Paper",
    "Picture",
    "Plate",
    "Plates",
    "Points",
    "Signature",
    "Signatures",
    "Title",
    "Words",
    "legible",
    "write_pdf",
]
