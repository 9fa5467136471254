"""What people type about papers, turned into plain values."""

from papers.forms.certificate import IssueForm
from papers.forms.letterhead import LetterheadForm
from papers.forms.minutes import MinutesForm

__all__ = ["IssueForm", "LetterheadForm", "MinutesForm"]
