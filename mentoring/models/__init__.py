"""Mentors' villages, their visits, and what was agreed there."""

from mentoring.models.action_item import ActionItem
from mentoring.models.assignment import Assignment
from mentoring.models.photo import Photo, PhotoPart
from mentoring.models.plan import VisitPlan
from mentoring.models.visit import Attendee, Finding, Visit, VisitConflict

__all__ = [
    "ActionItem",
    "Assignment",
    "Attendee",
    "Finding",
    "Photo",
    "PhotoPart",
    "Visit",
    "VisitConflict",
    "VisitPlan",
]
