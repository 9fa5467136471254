"""Addresses of mentoring."""

from django.urls import path

from mentoring.views import action_item, assignment, handover, held, photo, plan, visit

urlpatterns = [
    path("visits/new/", visit.VisitNew.as_view(), name="visit-new"),
    path("visits/<uuid:pk>/edit/", visit.VisitEdit.as_view(), name="visit-edit"),
    path("visits/", visit.VisitList.as_view(), name="visit-list"),
    path("visits/plans/", plan.VisitPlanList.as_view(), name="visit-plan-list"),
    path("visits/plans/new/", plan.VisitPlanNew.as_view(), name="visit-plan-new"),
    path("visits/plans/<uuid:pk>/", plan.VisitPlanDetail.as_view(), name="visit-plan-detail"),
    path("visits/plans/<uuid:pk>/move/", plan.VisitPlanMove.as_view(), name="visit-plan-move"),
    path("visits/plans/<uuid:pk>/cancel/", plan.VisitPlanCancel.as_view(), name="visit-plan-cancel"),
    path("visits/review/", held.HeldList.as_view(), name="held-list"),
    path("visits/review/<int:pk>/", held.HeldDetail.as_view(), name="held-detail"),
    path("visits/review/<int:pk>/take/", held.HeldTake.as_view(), name="held-take"),
    path("visits/review/<int:pk>/dismiss/", held.HeldDismiss.as_view(), name="held-dismiss"),
    path("visits/<uuid:pk>/", visit.VisitDetail.as_view(), name="visit-detail"),
    path("visits/<uuid:visit>/photos/<uuid:pk>/", photo.VisitPhoto.as_view(), name="visit-photo"),
    path("visits/<uuid:pk>/submit/", visit.VisitSubmit.as_view(), name="visit-submit"),
    path("visits/<uuid:pk>/approve/", visit.VisitApprove.as_view(), name="visit-approve"),
    path("visits/<uuid:pk>/return/", visit.VisitReturn.as_view(), name="visit-return"),
    path("action-items/", action_item.ActionList.as_view(), name="action-item-list"),
    path("action-items/<uuid:pk>/finish/", action_item.ActionFinish.as_view(), name="action-item-finish"),
    path("action-items/<uuid:pk>/drop/", action_item.ActionDrop.as_view(), name="action-item-drop"),
    path("action-items/<uuid:pk>/carry-over/", action_item.ActionCarryOver.as_view(), name="action-item-carry-over"),
    path("villages/<int:pk>/mentors/", assignment.VillageMentors.as_view(), name="village-mentors"),
    path("assignments/<int:pk>/end/", assignment.AssignmentEnd.as_view(), name="assignment-end"),
    path("villages/<int:pk>/handover/", handover.HandoverNew.as_view(), name="handover-new"),
    path("handovers/", handover.HandoverList.as_view(), name="handover-list"),
    path("handovers/<int:pk>/", handover.HandoverDetail.as_view(), name="handover-detail"),
    path("handovers/<int:pk>/contacts/", handover.HandoverContacts.as_view(), name="handover-contacts"),
    path("handovers/<int:pk>/works/", handover.HandoverWorks.as_view(), name="handover-works"),
    path("handovers/<int:pk>/sign/", handover.HandoverSign.as_view(), name="handover-sign"),
    path("handovers/<int:pk>/cancel/", handover.HandoverCancel.as_view(), name="handover-cancel"),
]
