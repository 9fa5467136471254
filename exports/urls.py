"""Addresses of claims, samples, buyers, exports and published figures."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
