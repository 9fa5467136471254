"""What may be done with visits, their plans, action items and assignments."""

from mentoring.actions.action_item import carry_over_action, drop_action, finish_action
from mentoring.actions.assignment import assign_mentor, end_assignment
from mentoring.actions.held import dismiss_held, take_held
from mentoring.actions.plan import cancel_visit_plan, move_visit, plan_visit
from mentoring.actions.review import approve_visit, return_visit, submit_visit
from mentoring.actions.visit import Outcome, Verdict, put_visit

__all__ = [
    "Outcome",
    "Verdict",
    "approve_visit",
    "assign_mentor",
    "cancel_visit_plan",
    "carry_over_action",
    "dismiss_held",
    "drop_action",
    "end_assignment",
    "finish_action",
    "move_visit",
    "plan_visit",
    "put_visit",
    "return_visit",
    "submit_visit",
    "take_held",
]
