"""Addresses of mentoring."""

from django.urls import path

from mentoring import views

urlpatterns = [
    path("m/", views.MentorHome.as_view(), name="mentor-home"),
    path("m/visits/new/", views.VisitNew.as_view(), name="visit-new"),
    path("m/visits/<uuid:pk>/edit/", views.VisitEdit.as_view(), name="visit-edit"),
    path("visits/", views.VisitList.as_view(), name="visit-list"),
    path("visits/<uuid:pk>/", views.VisitDetail.as_view(), name="visit-detail"),
    path("visits/<uuid:pk>/submit/", views.VisitSubmit.as_view(), name="visit-submit"),
    path("visits/<uuid:pk>/approve/", views.VisitApprove.as_view(), name="visit-approve"),
    path("visits/<uuid:pk>/return/", views.VisitReturn.as_view(), name="visit-return"),
    path("action-items/<uuid:pk>/finish/", views.ActionFinish.as_view(), name="action-item-finish"),
    path("action-items/<uuid:pk>/drop/", views.ActionDrop.as_view(), name="action-item-drop"),
    path("action-items/<uuid:pk>/carry-over/", views.ActionCarryOver.as_view(), name="action-item-carry-over"),
    path("villages/<int:pk>/mentors/", views.VillageMentors.as_view(), name="village-mentors"),
    path("assignments/<int:pk>/end/", views.AssignmentEnd.as_view(), name="assignment-end"),
]
