"""How lists of papers are narrowed; the same on pages and in the API."""

from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet

from common.filters import IdFilter, WordsFilter
from papers.models import Certificate
from papers.states import CertificateState


class CertificateFilter(FilterSet):
    """Certificates by number or name, cohort, program, village, person and state."""

    search = WordsFilter(columns=("number", "name"))
    cohort = IdFilter(field_name="enrollment__cohort_id", label=_("Cohort"))
    program = IdFilter(field_name="enrollment__cohort__program_id", label=_("Program"))
    village = IdFilter(field_name="enrollment__cohort__village_id", label=_("Village"))
    person = IdFilter(field_name="enrollment__person_id", label=_("Person"))
    state = ChoiceFilter(choices=CertificateState.choices, label=_("State"))

    class Meta:
        """Declared above, nothing else."""

        model = Certificate
        fields: tuple[str, ...] = ()
