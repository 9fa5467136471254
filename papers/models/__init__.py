"""What is kept of the papers: letterheads, letters with their numbers, minutes."""

from papers.models.letter import Letter, LetterCounter
from papers.models.letterhead import Letterhead
from papers.models.minutes import Minutes

__all__ = ["Letter", "LetterCounter", "Letterhead", "Minutes"]
