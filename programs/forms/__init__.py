"""What people type, turned into plain values."""

from programs.forms.attendance import AbsenceNoteForm, CodeForm, NumbersForm, PhotoForm, WalkInForm
from programs.forms.program import CohortForm, EnrollForm, ProgramForm, RequirementsForm
from programs.forms.reason import ReasonForm
from programs.forms.resource import TrainerForm, VenueForm
from programs.forms.session import RescheduleForm, SessionForm, WhenForm

__all__ = [
    "AbsenceNoteForm",
    "CodeForm",
    "CohortForm",
    "EnrollForm",
    "NumbersForm",
    "PhotoForm",
    "ProgramForm",
    "ReasonForm",
    "RequirementsForm",
    "RescheduleForm",
    "SessionForm",
    "TrainerForm",
    "VenueForm",
    "WalkInForm",
    "WhenForm",
]
