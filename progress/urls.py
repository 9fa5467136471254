"""Addresses of the pages with numbers."""

from django.urls import path

from progress.views import dashboard, home, places, progress

urlpatterns = [
    path("", home.Home.as_view(), name="home"),
    path("progress/", dashboard.Progress.as_view(), name="progress"),
    path("progress/rows/", progress.ProgressRows.as_view(), name="progress-rows"),
    path("progress/figures/<slug:figure>/", dashboard.Figures.as_view(), name="progress-figure"),
    path("programs/", places.ProgramList.as_view(), name="program-list"),
    path("programs/<int:pk>/", progress.ProgramDetail.as_view(), name="program-detail"),
    path("cohorts/<int:pk>/progress/", progress.CohortPeople.as_view(), name="cohort-progress"),
    path("villages/", places.VillageList.as_view(), name="village-list"),
    path("villages/<int:pk>/", places.VillageDetail.as_view(), name="village-detail"),
]
