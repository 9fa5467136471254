"""What people type, turned into plain values."""

from programs.forms.program import (
    LEAST,
    CohortChangeForm,
    CohortForm,
    EnrollForm,
    PeriodForm,
    ProgramForm,
    RequirementsForm,
    filled,
)
from programs.forms.reason import AnywayForm, ReasonForm
from programs.forms.resource import TrainerForm, VenueForm
from programs.forms.series import SeriesForm, SeriesPlanForm
from programs.forms.session import CancelForm, RescheduleForm, SessionForm, TrainersForm, WhenForm
from programs.forms.shift import ShiftForm

__all__ = [
    "LEAST",
    "AnywayForm",
    "CancelForm",
    "CohortChangeForm",
    "CohortForm",
    "EnrollForm",
    "PeriodForm",
    "ProgramForm",
    "ReasonForm",
    "RequirementsForm",
    "RescheduleForm",
    "SeriesForm",
    "SeriesPlanForm",
    "SessionForm",
    "ShiftForm",
    "TrainerForm",
    "TrainersForm",
    "VenueForm",
    "WhenForm",
    "filled",
]
