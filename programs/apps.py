"""The programs app."""

from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    """Names the app; holds no logic."""

    name = "programs"
