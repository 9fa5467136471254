"""What is written about papers."""

from papers.actions.letter import number_assignment, number_paper
from papers.actions.letterhead import save_letterhead
from papers.actions.minutes import close_minutes, write_minutes
from papers.actions.printing import note_bundle, note_numbers

__all__ = [
    "close_minutes",
    "note_bundle",
    "note_numbers",
    "number_assignment",
    "number_paper",
    "save_letterhead",
    "write_minutes",
]
