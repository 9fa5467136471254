"""Where people take part who have not agreed to messages: the worklist, cohort by cohort."""

from django.db import models

from common.pages import ListPage
from programs.filters import CohortFilter
from programs.models import Cohort
from programs.reach import silent_cohorts
from villages.rules import Can


class ConsentGaps(ListPage[Cohort]):
    """Cohorts in which somebody cannot be told anything, because nobody asked them."""

    ability = Can.CHANGE_PERSON
    model = Cohort
    template = "programs/consent_gaps.html"
    filterset_class = CohortFilter
    order = ("village__name", "name", "pk")

    def rows(self) -> models.QuerySet[Cohort]:
        """Count who takes part and who has not agreed."""
        return silent_cohorts(super().rows()).select_related("village", "program")

    def context(self) -> dict[str, object]:
        """Tell whether anything is filtered."""
        return {"active": any(value for name, value in self.request.GET.items() if name != "cursor")}
