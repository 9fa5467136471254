"""What is kept about the sheets of sessions: codes in the room, marks, signed paper, and who was spoken to."""

from attendance.models.checkin import CheckIn, CheckInTries
from attendance.models.mark import AbsenceNote, AttendanceMark, SheetPhoto

__all__ = ["AbsenceNote", "AttendanceMark", "CheckIn", "CheckInTries", "SheetPhoto"]
