"""Addresses of the reports."""

from django.urls import URLPattern, URLResolver, path

from reports.views import mentoring

urlpatterns: list[URLPattern | URLResolver] = [
    path("reports/mentoring/", mentoring.MentoringReport.as_view(), name="mentoring-report"),
    path("reports/mentoring.pdf", mentoring.MentoringReportPdf.as_view(), name="mentoring-report-pdf"),
]
