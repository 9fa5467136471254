"""The progress app."""

from django.apps import AppConfig


class ProgressConfig(AppConfig):
    """Names the app; holds no logic."""

    name = "progress"
