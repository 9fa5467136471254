"""What people choose about reports, turned into plain values."""

from reports.forms.mentoring import ReportForm

__all__ = ["ReportForm"]
