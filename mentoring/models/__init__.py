"""Mentors' villages, their visits, and what was agreed there."""

from mentoring.models.action_item import ActionItem, FollowUp
from mentoring.models.assignment import Assignment
from mentoring.models.handover import Handover, Signature
from mentoring.models.plan import VisitPlan
from mentoring.models.visit import Attendee, Finding, Visit, VisitConflict

__all__ = [
    "ActionItem",
    "Assignment",
    "Attendee",
    "Finding",
    "FollowUp",
    "Handover",
    "Signature",
    "Visit",
    "VisitConflict",
    "VisitPlan",
]
