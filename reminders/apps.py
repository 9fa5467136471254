"""The reminders app."""

from django.apps import AppConfig


class RemindersConfig(AppConfig):
    """Names the app; holds no logic."""

    name = "reminders"
