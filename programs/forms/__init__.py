"""What people type, turned into plain values."""

from programs.forms.attendance import WalkInForm
from programs.forms.calendar import BlockForm, HolidaysForm
from programs.forms.program import (
    LEAST,
    CohortChangeForm,
    CohortForm,
    EnrollForm,
    ProgramForm,
    RequirementsForm,
    filled,
)
from programs.forms.reason import AnywayForm, ReasonForm
from programs.forms.resource import TrainerForm, VenueForm
from programs.forms.session import RescheduleForm, SessionForm, TrainersForm, WhenForm

__all__ = [
    "LEAST",
    "AnywayForm",
    "BlockForm",
    "CohortChangeForm",
    "CohortForm",
    "EnrollForm",
    "HolidaysForm",
    "ProgramForm",
    "ReasonForm",
    "RequirementsForm",
    "RescheduleForm",
    "SessionForm",
    "TrainerForm",
    "TrainersForm",
    "VenueForm",
    "WalkInForm",
    "WhenForm",
    "filled",
]
