"""Modules, programs, cohorts, sessions, seats, and the days that are kept free."""

from programs.models.attendance import Attendance
from programs.models.calendar import CalendarBlock
from programs.models.intake import ImportBatch, ImportPiece, ImportRow
from programs.models.program import Cohort, Enrollment, Module, Program, Requirement
from programs.models.session import Booking, Session, SessionRevision, Trainer, Venue

__all__ = [
    "Attendance",
    "Booking",
    "CalendarBlock",
    "Cohort",
    "Enrollment",
    "ImportBatch",
    "ImportPiece",
    "ImportRow",
    "Module",
    "Program",
    "Requirement",
    "Session",
    "SessionRevision",
    "Trainer",
    "Venue",
]
