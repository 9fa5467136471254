"""The attendance app."""

from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    """Names the app; holds no logic."""

    name = "attendance"
