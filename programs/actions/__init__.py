"""What happens to programs, cohorts, sessions and seats."""

from programs.actions.absence import note_absence
from programs.actions.attendance import (
    Crossed,
    Mark,
    add_new_walk_in,
    add_walk_in,
    answer_session,
    correct_attendance,
    mark_attendance,
)
from programs.actions.checkin import check_in, close_check_in, open_check_in
from programs.actions.cohort import change_cohort, create_cohort, set_requirements
from programs.actions.enrollment import admit_enrollment, enroll_people, enroll_person, withdraw_enrollment
from programs.actions.evidence import keep_photo, remove_photo
from programs.actions.keeping import cancel_session, close_session, discard_session, hold_session
from programs.actions.program import change_program, create_program, create_trainer, create_venue
from programs.actions.resource import change_trainer, change_venue, renew_trainer_calendar
from programs.actions.series import plan_series
from programs.actions.session import change_session, plan_session, reschedule_session, schedule_session
from programs.actions.shift import look_at_shift, shift_sessions
from programs.actions.staffing import assign_trainers

__all__ = [
    "Crossed",
    "Mark",
    "add_new_walk_in",
    "add_walk_in",
    "admit_enrollment",
    "answer_session",
    "assign_trainers",
    "cancel_session",
    "change_cohort",
    "change_program",
    "change_session",
    "change_trainer",
    "change_venue",
    "check_in",
    "close_check_in",
    "close_session",
    "correct_attendance",
    "create_cohort",
    "create_program",
    "create_trainer",
    "create_venue",
    "discard_session",
    "enroll_people",
    "enroll_person",
    "hold_session",
    "keep_photo",
    "look_at_shift",
    "mark_attendance",
    "note_absence",
    "open_check_in",
    "plan_series",
    "plan_session",
    "remove_photo",
    "renew_trainer_calendar",
    "reschedule_session",
    "schedule_session",
    "set_requirements",
    "shift_sessions",
    "withdraw_enrollment",
]
