"""What people choose about reports, turned into plain values."""

from reports.forms.mentoring import ReportForm
from reports.forms.regional import RegionalForm, offered_programs, offered_regions

__all__ = ["RegionalForm", "ReportForm", "offered_programs", "offered_regions"]
