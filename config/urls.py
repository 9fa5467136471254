"""Every address of the product, app by app."""

from django.urls import include, path

urlpatterns = [
    path("", include("accounts.urls")),
    path("", include("almanac.urls")),
    path("", include("programs.urls")),
    path("", include("attendance.urls")),
    path("", include("mentoring.urls")),
    path("", include("exports.urls")),
    path("", include("phone.urls")),
    path("", include("progress.urls")),
    path("", include("villages.urls")),
    path("", include("papers.urls")),
    path("", include("reports.urls")),
    path("", include("noticeboard.urls")),
    path("", include("reminders.urls")),
    path("", include("briefings.urls")),
    path("", include("replies.urls")),
    path("", include("audit.urls")),
    path("", include("downloads.urls")),
    path("api/", include("api.urls")),
]
