"""What may be done with visits, their plans, action items, assignments and handovers."""

from mentoring.actions.action_item import carry_over_action, drop_action, finish_action
from mentoring.actions.assignment import assign_mentor, end_assignment
from mentoring.actions.handover import (
    cancel_handover,
    note_contacts,
    prepare_handover,
    sign_handover,
    write_works,
)
from mentoring.actions.plan import cancel_visit_plan, move_visit, plan_visit
from mentoring.actions.review import approve_visit, return_visit, submit_visit
from mentoring.actions.visit import Outcome, Verdict, put_visit

__all__ = [
    "Outcome",
    "Verdict",
    "approve_visit",
    "assign_mentor",
    "cancel_handover",
    "cancel_visit_plan",
    "carry_over_action",
    "drop_action",
    "end_assignment",
    "finish_action",
    "move_visit",
    "note_contacts",
    "plan_visit",
    "prepare_handover",
    "put_visit",
    "return_visit",
    "sign_handover",
    "submit_visit",
    "write_works",
]
