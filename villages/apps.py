"""The villages app."""

from django.apps import AppConfig


class VillagesConfig(AppConfig):
    """Names the app; holds no logic."""

    name = "villages"
