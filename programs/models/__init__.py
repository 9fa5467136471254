"""Modules, programs, cohorts, sessions, seats, and the lists that people come in by."""

from programs.models.attendance import Attendance
from programs.models.intake import ImportBatch, ImportPiece, ImportRow
from programs.models.program import Cohort, Enrollment, Module, Program, Requirement
from programs.models.session import Booking, Session, SessionRevision, Trainer, Venue

__all__ = [
    "Attendance",
    "Booking",
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
