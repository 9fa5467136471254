"""What may be done with visits, their photos, plans, action items, assignments and handovers."""

from mentoring.actions.action_item import carry_over_action, drop_action, finish_action
from mentoring.actions.album import await_photos, knows_key
from mentoring.actions.assignment import assign_mentor, end_assignment
from mentoring.actions.handover import (
    cancel_handover,
    note_contacts,
    prepare_handover,
    sign_handover,
    write_works,
)
from mentoring.actions.held import dismiss_held, take_held
from mentoring.actions.part import PartsMissing, Whole, complete_photo, keep_part, let_parts_go, parts_of
from mentoring.actions.photo import Address, keep_photo, leave_photo_out
from mentoring.actions.plan import cancel_visit_plan, move_visit, plan_visit
from mentoring.actions.review import approve_visit, return_visit, submit_visit
from mentoring.actions.visit import Outcome, Verdict, hand_in_visit, put_visit

__all__ = [
    "Address",
    "Outcome",
    "PartsMissing",
    "Verdict",
    "Whole",
    "approve_visit",
    "assign_mentor",
    "await_photos",
    "cancel_handover",
    "cancel_visit_plan",
    "carry_over_action",
    "complete_photo",
    "dismiss_held",
    "drop_action",
    "end_assignment",
    "finish_action",
    "hand_in_visit",
    "keep_part",
    "keep_photo",
    "knows_key",
    "leave_photo_out",
    "let_parts_go",
    "move_visit",
    "note_contacts",
    "parts_of",
    "plan_visit",
    "prepare_handover",
    "put_visit",
    "return_visit",
    "sign_handover",
    "submit_visit",
    "take_held",
    "write_works",
]
