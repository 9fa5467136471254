"""Every address of the product, app by app."""

from django.urls import include, path

from config import health

urlpatterns = [
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("", include("accounts.urls")),
    path("", include("programs.urls")),
    path("", include("mentoring.urls")),
    path("", include("progress.urls")),
    path("", include("villages.urls")),
    path("", include("noticeboard.urls")),
    path("", include("reminders.urls")),
    path("api/", include("api.urls")),
]
