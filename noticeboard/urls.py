"""Addresses for people without an account; the ones that are printed and sent have no slash at their end."""

from django.urls import URLPattern, URLResolver, path
from django.views.generic import RedirectView

from noticeboard.views import (
    CalendarFeed,
    CertificateCheck,
    CertificateSearch,
    CodeHelp,
    HouseholdAnswer,
    HouseholdCertificate,
    HouseholdHere,
    HouseholdPage,
    HouseholdStart,
    HouseholdStop,
    VillageCalendar,
    VillageFeed,
    VillagePage,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("d/<slug:code>", VillagePage.as_view(), name="village-board"),
    path("d/<slug:code>/", RedirectView.as_view(pattern_name="village-board", query_string=True)),
    path("d/<slug:code>/<int:session>.ics", VillageCalendar.as_view(), name="session-calendar"),
    path("s/code", CodeHelp.as_view(), name="code-help"),
    path("d/<slug:code>.ics", VillageFeed.as_view(), name="village-calendar"),
    path("calendar/<slug:token>.ics", CalendarFeed.as_view(), name="calendar"),
    path("s/<slug:token>", HouseholdPage.as_view(), name="household"),
    path("s/<slug:token>/", HouseholdPage.as_view()),
    path("s/<slug:token>/answer/<int:session>/", HouseholdAnswer.as_view(), name="household-answer"),
    path("s/<slug:token>/here/<int:session>/", HouseholdHere.as_view(), name="household-here"),
    path("s/<slug:token>/certificate/<int:key>.pdf", HouseholdCertificate.as_view(), name="household-certificate"),
    path("s/<slug:token>/stop/", HouseholdStop.as_view(), name="household-stop"),
    path("s/<slug:token>/start/", HouseholdStart.as_view(), name="household-start"),
    path("v/", CertificateSearch.as_view(), name="certificate-search"),
    path("v/<str:typed>", CertificateCheck.as_view(), name="certificate-check"),
    path("v/<str:typed>/", CertificateCheck.as_view()),
]
