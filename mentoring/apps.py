"""The mentoring app."""

from django.apps import AppConfig


class MentoringConfig(AppConfig):
    """Names the app; holds no logic."""

    name = "mentoring"
