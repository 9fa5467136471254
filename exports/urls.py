"""Addresses of claims, samples, buyers, exports and published figures."""

from django.urls import URLPattern, URLResolver, path

from exports.views import buyer, evidence, export, figure

PAPER = "exports/<int:export>/papers/<uuid:pk>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("buyers/", buyer.BuyerList.as_view(), name="buyer-list"),
    path("buyers/new/", buyer.BuyerNew.as_view(), name="buyer-new"),
    path("buyers/<int:pk>/", buyer.BuyerDetail.as_view(), name="buyer-detail"),
    path("buyers/<int:pk>/edit/", buyer.BuyerEdit.as_view(), name="buyer-edit"),
    path("buyers/<int:pk>/leads/new/", buyer.LeadNew.as_view(), name="lead-new"),
    path("leads/", buyer.LeadList.as_view(), name="lead-list"),
    path("leads/<int:pk>/", buyer.LeadDetail.as_view(), name="lead-detail"),
    path("exports/", export.ExportList.as_view(), name="transaction-list"),
    path("exports/new/", export.ExportNew.as_view(), name="transaction-new"),
    path("exports/<int:pk>/", export.ExportDetail.as_view(), name="transaction-detail"),
    path("exports/<int:pk>/edit/", export.ExportEdit.as_view(), name="transaction-edit"),
    path("exports/<int:pk>/evidence/", export.ExportEvidence.as_view(), name="transaction-evidence"),
    path("exports/<int:pk>/verify/", export.ExportVerify.as_view(), name="transaction-verify"),
    path("exports/<int:pk>/withdraw/", export.ExportWithdraw.as_view(), name="transaction-withdraw"),
    path("exports/<int:pk>/papers/", evidence.PaperNew.as_view(), name="transaction-paper-new"),
    path(PAPER, evidence.PaperFile.as_view(), name="transaction-paper-file"),
    path(f"{PAPER}remove/", evidence.PaperRemove.as_view(), name="transaction-paper-remove"),
    path("figures/", figure.FigureList.as_view(), name="figure-list"),
    path("figures/new/", figure.FigureNew.as_view(), name="figure-new"),
    path("figures/<int:pk>/", figure.FigureDetail.as_view(), name="figure-detail"),
    path("figures/<int:pk>/edit/", figure.FigureEdit.as_view(), name="figure-edit"),
    path("figures/<int:pk>/withdraw/", figure.FigureWithdraw.as_view(), name="figure-withdraw"),
]
