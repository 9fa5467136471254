"""What people type about papers, turned into plain values."""

from papers.forms.certificate import IssueForm

__all__ = ["IssueForm"]
