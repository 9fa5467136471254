"""Addresses of the downloads."""

from django.urls import URLPattern, URLResolver, path

from downloads import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("downloads/", views.DownloadList.as_view(), name="download-list"),
    path("downloads/new/", views.DownloadAsk.as_view(), name="download-ask"),
    path("downloads/<uuid:pk>/", views.DownloadDetail.as_view(), name="download-detail"),
    path("downloads/<uuid:pk>/file/", views.DownloadFile.as_view(), name="download-file"),
]
