"""What is kept of the papers: letterheads, letters with their numbers, minutes, certificates."""

from papers.models.certificate import Certificate, CertificateCounter
from papers.models.letter import Letter, LetterCounter
from papers.models.letterhead import Letterhead
from papers.models.minutes import Minutes

__all__ = ["Certificate", "CertificateCounter", "Letter", "LetterCounter", "Letterhead", "Minutes"]
