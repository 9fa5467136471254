"""What happens to programs, cohorts, sessions and seats."""

from programs.actions.cohort import change_cohort, create_cohort, set_requirements
from programs.actions.enrollment import admit_enrollment, enroll_people, enroll_person, withdraw_enrollment
from programs.actions.keeping import cancel_session, discard_session
from programs.actions.period import close_period, reopen_period
from programs.actions.program import change_program, create_program, create_trainer, create_venue
from programs.actions.resource import change_trainer, change_venue, renew_trainer_calendar
from programs.actions.seats import answer_session
from programs.actions.series import plan_series
from programs.actions.session import change_session, plan_session, reschedule_session, schedule_session
from programs.actions.shift import look_at_shift, shift_sessions
from programs.actions.staffing import assign_trainers

__all__ = [
    "admit_enrollment",
    "answer_session",
    "assign_trainers",
    "cancel_session",
    "change_cohort",
    "change_program",
    "change_session",
    "change_trainer",
    "change_venue",
    "close_period",
    "create_cohort",
    "create_program",
    "create_trainer",
    "create_venue",
    "discard_session",
    "enroll_people",
    "enroll_person",
    "look_at_shift",
    "plan_series",
    "plan_session",
    "renew_trainer_calendar",
    "reopen_period",
    "reschedule_session",
    "schedule_session",
    "set_requirements",
    "shift_sessions",
    "withdraw_enrollment",
]
