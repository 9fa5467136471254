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
from programs.actions.cohort import (
    admit_enrollment,
    create_cohort,
    enroll_people,
    enroll_person,
    set_requirements,
    withdraw_enrollment,
)
from programs.actions.evidence import keep_photo, remove_photo
from programs.actions.keeping import cancel_session, close_session, hold_session
from programs.actions.program import change_program, create_program, create_trainer, create_venue
from programs.actions.session import change_session, plan_session, reschedule_session, schedule_session

__all__ = [
    "Crossed",
    "Mark",
    "add_new_walk_in",
    "add_walk_in",
    "admit_enrollment",
    "answer_session",
    "cancel_session",
    "change_program",
    "change_session",
    "check_in",
    "close_check_in",
    "close_session",
    "correct_attendance",
    "create_cohort",
    "create_program",
    "create_trainer",
    "create_venue",
    "enroll_people",
    "enroll_person",
    "hold_session",
    "keep_photo",
    "mark_attendance",
    "note_absence",
    "open_check_in",
    "plan_session",
    "remove_photo",
    "reschedule_session",
    "schedule_session",
    "set_requirements",
    "withdraw_enrollment",
]
