"""Forms of visits, action items, assignments and handovers; they turn what was typed into plain values."""

from mentoring.forms.desk import (
    AssignForm,
    CarryOverForm,
    DismissForm,
    DropForm,
    EndForm,
    FinishForm,
    PlanCancelForm,
    PlanForm,
    PlanMoveForm,
    ReturnForm,
    VersionForm,
)
from mentoring.forms.handover import HandoverCancelForm, HandoverForm, SignForm, WorksForm
from mentoring.forms.visit import VisitForm

__all__ = [
    "AssignForm",
    "CarryOverForm",
    "DismissForm",
    "DropForm",
    "EndForm",
    "FinishForm",
    "HandoverCancelForm",
    "HandoverForm",
    "PlanCancelForm",
    "PlanForm",
    "PlanMoveForm",
    "ReturnForm",
    "SignForm",
    "VersionForm",
    "VisitForm",
    "WorksForm",
]
