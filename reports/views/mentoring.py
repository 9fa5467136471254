"""The monthly report of mentoring: chosen, read as a page, printed as PDF."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now

from common.dates import local_date
from common.events import note_reading
from common.pages import Page
from common.paper import Paper
from common.zones import Zone
from mentoring.models import Visit
from papers.views.paper import as_pdf
from reports.forms import ReportForm
from reports.mentoring import Month, mentoring_report
from reports.rules import Can


class ReportPage(Page[Visit]):
    """What the page and its PDF share."""

    ability = Can.READ_MENTORING
    model = Visit
    template = "reports/mentoring.html"

    def form(self) -> ReportForm:
        """Read the address; an empty one asks first. What is chosen in part is kept in the chooser."""
        given: Any = self.request.GET
        whole = all(given.get(name) for name in ReportForm.base_fields)
        today = local_date(now(), Zone.WIB)
        return ReportForm(given if whole else None, reader=self.reader, today=today, started=given.dict())

    def printed(self, month: Month) -> Paper:
        """Build the report, and keep who read it: it names who does what in the village."""
        note_reading(month.village, verb="names_printed", by=self.reader, at=now(), mentor=month.mentor.pk)
        return mentoring_report(month, at=now())


class MentoringReport(ReportPage):
    """The chooser, and the report below it."""

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show what was chosen."""
        form = self.form()
        if not form.is_bound:
            return self.show(form=form, paper=None)
        if not form.is_valid():
            return self.show(form=form, paper=None, status=HTTPStatus.BAD_REQUEST)
        paper = self.printed(form.report())
        return self.show(form=form, paper=paper, query=self.request.GET.urlencode())


class MentoringReportPdf(ReportPage):
    """The same content as PDF."""

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Write it, or ask again."""
        form = self.form()
        if not form.is_bound or not form.is_valid():
            return self.show(form=form, paper=None, status=HTTPStatus.BAD_REQUEST)
        month = form.report()
        name = f"laporan-pendampingan-{month.village.pk}-{month.mentor.pk}-{month.first:%Y-%m}"
        return as_pdf(self.printed(month), name)
