"""Addresses of the mentor's app."""

from django.urls import path

from phone.views import Manifest, Shell, UnsentImport, Worker

urlpatterns = [
    path("m/", Shell.as_view(), name="mentor-home"),
    path("m/worker.js", Worker.as_view(), name="phone-worker"),
    path("m/manifest.webmanifest", Manifest.as_view(), name="phone-manifest"),
    path("visits/import/", UnsentImport.as_view(), name="visit-import"),
]
