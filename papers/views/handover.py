"""The paper of a handover, as page and PDF; it has the numbers of the village contacts, so printing is written down."""

from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now

from common.pages import Page
from common.paper import Paper
from mentoring.handover import Sheet
from mentoring.models import Handover
from papers.actions import note_contacts_printed
from papers.handover import handover_paper
from papers.rules import Can
from papers.shelf import stationery_at
from papers.views.paper import as_pdf


class HandoverPaperPage(Page[Handover]):
    """A page about the paper of one handover."""

    ability = Can.PRINT_PAPER
    model = Handover

    def rows(self) -> models.QuerySet[Handover]:
        """Read along between whom and where."""
        return super().rows().select_related("village__region__parent__parent", "giver", "taker", "prepared_by")

    def paper(self, handover: Handover) -> Paper:
        """Build it, and write down whose numbers it has."""
        at = now()
        sheet = Sheet(handover, self.reader, at)
        note_contacts_printed(handover, contact_points=sheet.points, by=self.reader, at=at)
        return handover_paper(sheet, stationery=stationery_at(handover.village), base_url=settings.BASE_URL, at=at)


class HandoverPaper(HandoverPaperPage):
    """The paper as a page that can be printed."""

    template = "papers/handover_paper.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Show it, kept by no cache."""
        handover = self.row()
        response = self.show(handover=handover, paper=self.paper(handover))
        response["Cache-Control"] = "no-store"
        return response


class HandoverPdf(HandoverPaperPage):
    """The paper as PDF."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Write it."""
        handover = self.row()
        return as_pdf(self.paper(handover), f"serah-terima-{handover.village.code}-{pk}")
