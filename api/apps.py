"""The api app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Names the app; holds no logic."""

    name = "api"
