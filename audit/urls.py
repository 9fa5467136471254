"""Addresses of the audit."""

from django.urls import URLPattern, URLResolver, path

from audit.views import AccessList

urlpatterns: list[URLPattern | URLResolver] = [path("audit/", AccessList.as_view(), name="audit-list")]
