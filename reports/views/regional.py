"""The monthly report of a region: chosen, read, printed, frozen, and read again as it was."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from common.dates import local_date
from common.pages import ListPage, Page, is_narrowed
from common.sheets import XLSX
from common.zones import Zone
from papers.views.paper import as_pdf
from reports.actions import freeze_report
from reports.filters import RegionReportFilter
from reports.forms import RegionalForm
from reports.models import RegionReport
from reports.printed import regional_paper
from reports.reading import changes, read
from reports.regional import Editions, Subject, digest, file_name, reckon
from reports.rules import Can
from reports.seal import Seal
from reports.workbook import write_workbook
from villages.regions import edition_in_force

CHOSEN = ("region", "program", "month")


def editions() -> Editions:
    """Name what counts at this moment."""
    return Editions(settings.EDITION, edition_in_force(now()))


def as_xlsx(facts: dict[str, Any], seal: Seal, name: str) -> HttpResponse:
    """Answer with a report as a spreadsheet, kept by no cache."""
    answer = HttpResponse(write_workbook(facts, seal), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    answer["Cache-Control"] = "no-store"
    return answer


class RegionalPage(Page[RegionReport]):
    """What the page of today's figures, its paper and its spreadsheet share."""

    ability = Can.READ_REGIONAL
    model = RegionReport
    template = "reports/regional.html"

    def form(self, given: Any) -> RegionalForm:
        """Read the address; one without a month asks first, and what is chosen in part is kept."""
        started = {name: given.get(name) for name in CHOSEN if given.get(name)}
        today = local_date(now(), Zone.WIB)
        return RegionalForm(given if given.get("month") else None, reader=self.reader, today=today, started=started)

    def asked_again(self, form: RegionalForm, status: int) -> HttpResponse:
        """Show the chooser alone."""
        return self.show(form=form, reading=None, status=status)


class RegionalReport(RegionalPage):
    """The chooser, and the figures of today below it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show what was chosen, with the editions of it that were frozen."""
        form = self.form(request.GET)
        if not form.is_bound:
            return self.asked_again(form, HTTPStatus.OK)
        if not form.is_valid():
            return self.asked_again(form, HTTPStatus.BAD_REQUEST)
        subject = form.subject()
        facts = reckon(subject, editions(), at=now())
        return self.show(
            form=form,
            reading=read(facts),
            seal=Seal.of(facts),
            chosen={name: request.GET.get(name, "") for name in CHOSEN},
            query=request.GET.urlencode(),
            begun=subject.begun(now()),
            frozen=self.rows().of(subject).order_by("-sequence", "-pk"),  # type: ignore[attr-defined]
        )


class RegionalPdf(RegionalPage):
    """Today's figures on paper."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Write it, or ask again."""
        form = self.form(request.GET)
        if not form.is_bound or not form.is_valid():
            return self.asked_again(form, HTTPStatus.BAD_REQUEST)
        facts = reckon(form.subject(), editions(), at=now())
        return as_pdf(regional_paper(facts, Seal.of(facts)), file_name(form.subject()))


class RegionalXlsx(RegionalPage):
    """Today's figures as a spreadsheet."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Write it, or ask again."""
        form = self.form(request.GET)
        if not form.is_bound or not form.is_valid():
            return self.asked_again(form, HTTPStatus.BAD_REQUEST)
        facts = reckon(form.subject(), editions(), at=now())
        return as_xlsx(facts, Seal.of(facts), file_name(form.subject()))


class RegionalFreeze(RegionalPage):
    """Keep today's figures as they are."""

    ability = Can.FREEZE_REGIONAL

    def post(self, request: HttpRequest) -> HttpResponse:
        """Freeze what was chosen, and show it."""
        form = self.form(request.POST)
        if not form.is_bound or not form.is_valid():
            return self.asked_again(form, HTTPStatus.BAD_REQUEST)
        report = freeze_report(form.subject(), editions=editions(), by=self.reader, at=now())
        messages.success(request, _("The report is frozen as edition %(number)s.") % {"number": report.sequence})
        return redirect("regional-frozen", report.pk)


class FrozenList(ListPage[RegionReport]):
    """Frozen reports, the latest first."""

    ability = Can.READ_REGIONAL
    model = RegionReport
    template = "reports/frozen_list.html"
    filterset_class = RegionReportFilter
    order = ("-frozen_at", "-pk")

    def rows(self) -> models.QuerySet[RegionReport]:
        """Read along of what they tell, and not the facts."""
        return super().rows().with_names().defer("facts")  # type: ignore[attr-defined, no-any-return]

    def context(self) -> dict[str, Any]:
        """Tell whether the list is filtered."""
        return {"active": is_narrowed(self.request)}


class FrozenPage(Page[RegionReport]):
    """What the three faces of a frozen report share: its facts, and nothing else."""

    ability = Can.READ_REGIONAL
    model = RegionReport
    template = "reports/frozen.html"

    def rows(self) -> models.QuerySet[RegionReport]:
        """Read along of what it tells."""
        return super().rows().with_names()  # type: ignore[attr-defined, no-any-return]


class Frozen(FrozenPage):
    """A frozen report, and what has changed since."""

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Draw it from its facts; count once more only to compare."""
        report = self.row()
        reading = read(report.facts)
        today = reckon(Subject.of(report), editions(), at=now())
        return self.show(
            report=report,
            reading=reading,
            seal=Seal.of_report(report),
            changes=changes(reading, read(today)),
            whole=digest(report.facts) == report.sha256,
        )


class FrozenPdf(FrozenPage):
    """The same on paper."""

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Write it from its facts."""
        report = self.row()
        return as_pdf(
            regional_paper(report.facts, Seal.of_report(report)), file_name(Subject.of(report), report.sequence)
        )


class FrozenXlsx(FrozenPage):
    """The same as a spreadsheet."""

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Write it from its facts."""
        report = self.row()
        return as_xlsx(report.facts, Seal.of_report(report), file_name(Subject.of(report), report.sequence))
