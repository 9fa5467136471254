"""Addresses of what staff are told."""

from django.urls import URLPattern, URLResolver, path

from briefings.views import MyMessages

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/messages/", MyMessages.as_view(), name="my-messages"),
]
