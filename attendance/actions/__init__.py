"""What happens at sessions: who came, by whose hand, on which paper, and what was done about who did not."""

from attendance.actions.absence import note_absence
from attendance.actions.checkin import check_in, close_check_in, open_check_in
from attendance.actions.evidence import keep_photo, remove_photo
from attendance.actions.judging import Kept, Verdict
from attendance.actions.keeping import close_session, hold_session
from attendance.actions.marking import Crossed, Mark, add_new_walk_in, add_walk_in, correct_attendance, mark_attendance
from attendance.actions.phone import keep_acts
from attendance.actions.settling import dismiss_act, take_act

__all__ = [
    "Crossed",
    "Kept",
    "Mark",
    "Verdict",
    "add_new_walk_in",
    "add_walk_in",
    "check_in",
    "close_check_in",
    "close_session",
    "correct_attendance",
    "dismiss_act",
    "hold_session",
    "keep_acts",
    "keep_photo",
    "mark_attendance",
    "note_absence",
    "open_check_in",
    "remove_photo",
    "take_act",
]
