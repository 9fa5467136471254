"""How who keeps away and photos of sheets are narrowed; the same on pages and in the API."""

from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet, ModelChoiceFilter

from attendance.models import SheetPhoto
from common.filters import IdFilter
from programs.filters import programs
from programs.models import Enrollment
from villages.filters import SubtreeFilter, villages


class AbsenceFilter(FilterSet):
    """People who keep away, by village, program and cohort."""

    village = ModelChoiceFilter(field_name="cohort__village", queryset=villages, label=_("Village"))
    program = ModelChoiceFilter(field_name="cohort__program", queryset=programs, label=_("Program"))
    cohort = IdFilter(field_name="cohort_id", label=_("Cohort"))
    region = SubtreeFilter(field_name="cohort__village__region__code")

    class Meta:
        """Declared above, nothing else."""

        model = Enrollment
        fields: tuple[str, ...] = ()


class SheetPhotoFilter(FilterSet):
    """Photos of signed sheets by session."""

    session = IdFilter(field_name="session_id", label=_("Session"))

    class Meta:
        """Declared above, nothing else."""

        model = SheetPhoto
        fields: tuple[str, ...] = ()
