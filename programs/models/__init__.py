"""Modules, programs, cohorts, sessions, seats, and what is kept about them."""

from programs.models.attendance import Attendance
from programs.models.checkin import CheckIn, CheckInTries
from programs.models.intake import ImportBatch, ImportPiece, ImportRow
from programs.models.mark import AbsenceNote, AttendanceMark, SheetPhoto
from programs.models.program import Cohort, Enrollment, Module, Program, Requirement
from programs.models.session import Booking, Session, SessionRevision, Trainer, Venue

__all__ = [
    "AbsenceNote",
    "Attendance",
    "AttendanceMark",
    "Booking",
    "CheckIn",
    "CheckInTries",
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
    "SheetPhoto",
    "Trainer",
    "Venue",
]
