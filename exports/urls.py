"""Addresses of claims, samples, buyers, exports and published figures."""

from django.urls import URLPattern, URLResolver, path

from exports.states import SchemeState
from exports.views import budget, claim, claim_act, paper, sample, scheme, shipment

urlpatterns: list[URLPattern | URLResolver] = [
    path("samples/", sample.SampleList.as_view(), name="sample-list"),
    path("samples/new/", sample.SampleNew.as_view(), name="sample-new"),
    path("samples/<int:pk>/", sample.SampleDetail.as_view(), name="sample-detail"),
    path("samples/<int:pk>/edit/", sample.SampleEdit.as_view(), name="sample-edit"),
    path("shipments/", shipment.ShipmentList.as_view(), name="shipment-list"),
    path("shipments/new/", shipment.ShipmentNew.as_view(), name="shipment-new"),
    path("shipments/<int:pk>/", shipment.ShipmentDetail.as_view(), name="shipment-detail"),
    path("shipments/<int:pk>/edit/", shipment.ShipmentEdit.as_view(), name="shipment-edit"),
    path("shipments/<int:pk>/delivery/", shipment.ShipmentDelivery.as_view(), name="shipment-delivery"),
    path("shipments/<int:pk>/answer/", shipment.ShipmentAnswer.as_view(), name="shipment-answer"),
    path("shipments/<int:pk>/claim/", claim.ClaimStart.as_view(), name="claim-new"),
    path("schemes/", scheme.SchemeList.as_view(), name="scheme-list"),
    path("schemes/<int:pk>/", scheme.SchemeDetail.as_view(), name="scheme-detail"),
    path("schemes/<int:pk>/edit/", scheme.SchemeEdit.as_view(), name="scheme-edit"),
    path("schemes/<int:pk>/open/", scheme.SchemeMove.as_view(goal=SchemeState.OPEN), name="scheme-open"),
    path("schemes/<int:pk>/close/", scheme.SchemeMove.as_view(goal=SchemeState.CLOSED), name="scheme-close"),
    path("programs/<int:pk>/schemes/new/", scheme.SchemeNew.as_view(), name="scheme-new"),
    path("budgets/", budget.BudgetList.as_view(), name="budget-list"),
    path("programs/<int:pk>/budget/", budget.ProgramBudget.as_view(), name="program-budget"),
    path("claims/", claim.ClaimList.as_view(), name="claim-list"),
    path("claims/waiting/", claim.ClaimsWaiting.as_view(), name="claims-waiting"),
    path("claims/<int:pk>/", claim.ClaimDetail.as_view(), name="claim-detail"),
    path("claims/<int:pk>/edit/", claim.ClaimEdit.as_view(), name="claim-edit"),
    path("claims/<int:pk>/documents/new/", paper.DocumentNew.as_view(), name="claim-document-new"),
    path("claims/<int:claim>/documents/<uuid:pk>/", paper.DocumentFile.as_view(), name="claim-document"),
    path(
        "claims/<int:claim>/documents/<uuid:pk>/remove/", paper.DocumentRemove.as_view(), name="claim-document-remove"
    ),
    path("claims/<int:pk>/submit/", claim_act.ClaimSubmit.as_view(), name="claim-submit"),
    path("claims/<int:pk>/verify/", claim_act.ClaimVerify.as_view(), name="claim-verify"),
    path("claims/<int:pk>/approve/", claim_act.ClaimApprove.as_view(), name="claim-approve"),
    path("claims/<int:pk>/pay/", claim_act.ClaimPay.as_view(), name="claim-pay"),
    path("claims/<int:pk>/close/", claim_act.ClaimClose.as_view(), name="claim-close"),
    path("claims/<int:pk>/return/", claim_act.ClaimReturn.as_view(), name="claim-return"),
    path("claims/<int:pk>/reject/", claim_act.ClaimReject.as_view(), name="claim-reject"),
    path("claims/<int:pk>/cancel/", claim_act.ClaimCancel.as_view(), name="claim-cancel"),
]
