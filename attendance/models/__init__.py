"""What is kept about the sheets of sessions: codes, marks, acts of phones, signed paper, and who was spoken to."""

from attendance.models.act import Act
from attendance.models.checkin import CheckIn, CheckInTries
from attendance.models.mark import AbsenceNote, AttendanceMark, SheetPhoto

__all__ = ["AbsenceNote", "Act", "AttendanceMark", "CheckIn", "CheckInTries", "SheetPhoto"]
