"""What people type, turned into plain values."""

from programs.forms.attendance import WalkInForm
from programs.forms.program import LEAST, CohortForm, EnrollForm, ProgramForm, RequirementsForm, filled
from programs.forms.reason import ReasonForm
from programs.forms.resource import TrainerForm, VenueForm
from programs.forms.session import RescheduleForm, SessionForm, WhenForm

__all__ = [
    "LEAST",
    "CohortForm",
    "EnrollForm",
    "ProgramForm",
    "ReasonForm",
    "RequirementsForm",
    "RescheduleForm",
    "SessionForm",
    "TrainerForm",
    "VenueForm",
    "WalkInForm",
    "WhenForm",
    "filled",
]
