"""What people type, turned into plain values."""

from programs.forms.attendance import WalkInForm
from programs.forms.program import CohortChangeForm, CohortForm, EnrollForm, ProgramForm, RequirementsForm
from programs.forms.reason import ReasonForm
from programs.forms.resource import TrainerForm, VenueForm
from programs.forms.session import RescheduleForm, SessionForm, TrainersForm, WhenForm

__all__ = [
    "CohortChangeForm",
    "CohortForm",
    "EnrollForm",
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
]
