"""The exports app."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    """Names the app."""

    name = "exports"
