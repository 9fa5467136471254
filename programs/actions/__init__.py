"""What happens to programs, cohorts, sessions and seats."""

from programs.actions.attendance import Mark, add_walk_in, answer_session, mark_attendance
from programs.actions.cohort import (
    admit_enrollment,
    create_cohort,
    enroll_people,
    enroll_person,
    set_requirements,
    withdraw_enrollment,
)
from programs.actions.keeping import cancel_session, close_session, hold_session
from programs.actions.program import change_program, create_program, create_trainer, create_venue
from programs.actions.resource import change_trainer, change_venue, renew_trainer_calendar
from programs.actions.session import change_session, plan_session, reschedule_session, schedule_session

__all__ = [
    "Mark",
    "add_walk_in",
    "admit_enrollment",
    "answer_session",
    "cancel_session",
    "change_program",
    "change_session",
    "change_trainer",
    "change_venue",
    "close_session",
    "create_cohort",
    "create_program",
    "create_trainer",
    "create_venue",
    "enroll_people",
    "enroll_person",
    "hold_session",
    "mark_attendance",
    "plan_session",
    "renew_trainer_calendar",
    "reschedule_session",
    "schedule_session",
    "set_requirements",
    "withdraw_enrollment",
]
