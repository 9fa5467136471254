"""The list that people sign who want to be told by message, as page and PDF."""

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now

from common.pages import Page
from common.paper import Paper
from papers.actions import note_names
from papers.consents import consent_list
from papers.rules import Can
from papers.views.paper import as_pdf
from villages.filters import PeopleWithoutConsentFilter
from villages.models import Person, Village

MOST = 200


class ConsentPaperPage(Page[Village]):
    """The list of one village, of one cohort where the address names it."""

    ability = Can.PRINT_PAPER
    model = Village

    def rows(self) -> models.QuerySet[Village]:
        """Read along where it lies."""
        return super().rows().select_related("region__parent__parent")

    def paper(self, village: Village) -> Paper:
        """Build it of those who have not agreed; that their names were read is written down."""
        here = Person.objects.visible_to(self.reader).present().filter(village=village)
        chosen = PeopleWithoutConsentFilter(self.request.GET, queryset=here)
        people = list(chosen.qs.order_by("name", "pk")[:MOST]) if chosen.is_valid() else []
        note_names(village, rows=len(people), by=self.reader, at=now())
        return consent_list(village, people, at=now())


class ConsentPaper(ConsentPaperPage):
    """The list as a page that can be printed."""

    template = "papers/consent_list.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Show it."""
        village = self.row()
        return self.show(village=village, paper=self.paper(village), cohort=self.request.GET.get("cohort", ""))


class ConsentPdf(ConsentPaperPage):
    """The list as PDF."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Write it."""
        village = self.row()
        return as_pdf(self.paper(village), f"daftar-persetujuan-{village.code}")
