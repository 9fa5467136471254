"""What people type about papers, turned into plain values."""

from papers.forms.letterhead import LetterheadForm
from papers.forms.minutes import MinutesForm

__all__ = ["LetterheadForm", "MinutesForm"]
