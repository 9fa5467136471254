"""Addresses of the reports."""

from django.urls import URLPattern, URLResolver, path

from reports.views import card, index, mentoring, regional

urlpatterns: list[URLPattern | URLResolver] = [
    path("reports/", index.ReportIndex.as_view(), name="report-index"),
    path("reports/mentoring/", mentoring.MentoringReport.as_view(), name="mentoring-report"),
    path("reports/mentoring.pdf", mentoring.MentoringReportPdf.as_view(), name="mentoring-report-pdf"),
    path("reports/villages/", card.CardList.as_view(), name="card-list"),
    path("reports/villages/<int:pk>/", card.VillageCard.as_view(), name="village-card"),
    path("reports/villages/<int:pk>.pdf", card.VillageCardPdf.as_view(), name="village-card-pdf"),
    path("reports/regions/", regional.RegionalReport.as_view(), name="regional-report"),
    path("reports/regions.pdf", regional.RegionalPdf.as_view(), name="regional-report-pdf"),
    path("reports/regions.xlsx", regional.RegionalXlsx.as_view(), name="regional-report-xlsx"),
    path("reports/regions/freeze/", regional.RegionalFreeze.as_view(), name="regional-freeze"),
    path("reports/regions/frozen/", regional.FrozenList.as_view(), name="regional-frozen-list"),
    path("reports/regions/<int:pk>/", regional.Frozen.as_view(), name="regional-frozen"),
    path("reports/regions/<int:pk>.pdf", regional.FrozenPdf.as_view(), name="regional-frozen-pdf"),
    path("reports/regions/<int:pk>.xlsx", regional.FrozenXlsx.as_view(), name="regional-frozen-xlsx"),
]
