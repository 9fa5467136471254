"""Modules, programs, cohorts, sessions, seats, what is kept about them, and the days that are kept free."""

from programs.models.attendance import Attendance
from programs.models.calendar import CalendarBlock
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
    "CalendarBlock",
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
