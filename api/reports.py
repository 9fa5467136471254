"""Frozen monthly reports of regions: read, freeze, and the same on paper and as a spreadsheet."""

from datetime import date
from io import BytesIO
from typing import Any

from django.conf import settings
from django.db import models
from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ScopedViewSet
from api.fields import Named
from api.renderers import PdfRenderer, XlsxRenderer
from api.shapes import Output
from common.dates import local_date
from common.paper import write_pdf
from common.sheets import XLSX
from common.zones import Zone
from reports.actions import freeze_report
from reports.filters import RegionReportFilter
from reports.forms import RegionalForm
from reports.models import RegionReport
from reports.printed import regional_paper
from reports.regional import Editions, Subject, digest, file_name
from reports.rules import Can
from reports.seal import Seal
from reports.workbook import write_workbook
from villages.regions import edition_in_force

PDF = "application/pdf"


class ReportOut(Output[RegionReport]):
    """One frozen report: of where and when, by what it was counted, and its fingerprint."""

    region = serializers.CharField(source="region_id", allow_null=True, help_text=_("Empty: all of Indonesia."))
    program = Named(allow_null=True)
    frozen_by = Named()

    class Meta:
        model = RegionReport
        fields = [
            *("id", "region", "program", "month", "sequence", "sha256"),
            *("code_edition", "region_edition", "frozen_at", "frozen_by"),
        ]


class WholeReportOut(ReportOut):
    """The same with every figure; `whole` tells whether the fingerprint still matches them."""

    facts = serializers.JSONField()
    whole = serializers.SerializerMethodField()

    class Meta(ReportOut.Meta):
        fields = [*ReportOut.Meta.fields, "facts", "whole"]

    def get_whole(self, report: RegionReport) -> bool:
        """Take the fingerprint once more."""
        return digest(report.facts) == report.sha256


class ReportIn(serializers.Serializer[Any]):
    """What to freeze: a region's code or none for all of Indonesia, a program or none for all, and a month."""

    region = serializers.CharField(required=False, allow_null=True, max_length=13)
    program = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2**63 - 1)
    month = serializers.RegexField(r"^\d{4}-\d{2}$", help_text="2026-10")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Choose by the same rules as the page: what is offered there may be frozen here."""
        given = {name: value for name, value in attrs.items() if value is not None}
        today: date = local_date(now(), Zone.WIB)
        form = RegionalForm(given, reader=self.context["request"].user, today=today, started={})
        if not form.is_valid():
            raise serializers.ValidationError(
                {name: [str(each) for each in said] for name, said in form.errors.items()}
            )
        return {"subject": form.subject()}


class RegionReportViewSet(ScopedViewSet[RegionReport]):
    """Frozen monthly reports; none of them ever changes."""

    model = RegionReport
    serializer_class = ReportOut
    filterset_class = RegionReportFilter
    abilities = {
        **dict.fromkeys(("list", "retrieve", "pdf", "xlsx"), Can.READ_REGIONAL),
        "create": Can.FREEZE_REGIONAL,
    }
    orderings = ("-frozen_at",)

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read along who and what; the facts only where they are shown."""
        named = rows.select_related("region", "program", "frozen_by")
        return named.defer("facts") if self.action == "list" else named

    @extend_schema(responses=WholeReportOut)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:  # noqa: ARG002
        """Show one with its facts."""
        return Response(WholeReportOut(self.get_object(), context=self.get_serializer_context()).data)

    @extend_schema(request=ReportIn, responses={201: WholeReportOut})
    def create(self, _request: Request) -> Response:
        """Count the month and freeze it under the next number."""
        subject: Subject = self.heard(ReportIn)["subject"]
        editions = Editions(settings.EDITION, edition_in_force(now()))
        report = freeze_report(subject, editions=editions, by=self.user, at=now())
        shown = WholeReportOut(report, context=self.get_serializer_context()).data
        return Response(shown, status=status.HTTP_201_CREATED)

    @extend_schema(responses={(200, PDF): OpenApiTypes.BINARY})
    @action(detail=True, renderer_classes=[JSONRenderer, PdfRenderer])
    def pdf(self, _request: Request, pk: str) -> HttpResponse:  # noqa: ARG002  read from the address by get_object
        """Hand out the paper; the same bytes each time."""
        report = self.get_object()
        written = BytesIO()
        write_pdf([regional_paper(report.facts, Seal.of_report(report))], written)
        return self._file(report, written.getvalue(), PDF, "pdf")

    @extend_schema(responses={(200, XLSX): OpenApiTypes.BINARY})
    @action(detail=True, renderer_classes=[JSONRenderer, XlsxRenderer])
    def xlsx(self, _request: Request, pk: str) -> HttpResponse:  # noqa: ARG002
        """Hand out the spreadsheet."""
        report = self.get_object()
        return self._file(report, write_workbook(report.facts, Seal.of_report(report)), XLSX, "xlsx")

    def _file(self, report: RegionReport, content: bytes, media_type: str, ending: str) -> HttpResponse:
        name = f"{file_name(Subject.of(report), report.sequence)}.{ending}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', **self.default_response_headers}
        return HttpResponse(content, content_type=media_type, headers=headers)
