"""Mentors' villages, their visits, and what was agreed there."""

from mentoring.models.action_item import ActionItem, FollowUp
from mentoring.models.assignment import Assignment
from mentoring.models.handover import Handover, Signature
from mentoring.models.held import HeldVersion
from mentoring.models.photo import Photo, PhotoPart
from mentoring.models.plan import VisitPlan
from mentoring.models.visit import Attendee, Finding, Visit

__all__ = [
    "ActionItem",
    "Assignment",
    "Attendee",
    "Finding",
    "FollowUp",
    "Handover",
    "HeldVersion",
    "Photo",
    "PhotoPart",
    "Signature",
    "Visit",
    "VisitPlan",
]
