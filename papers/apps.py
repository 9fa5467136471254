"""The papers app."""

from django.apps import AppConfig


class PapersConfig(AppConfig):
    """Names the app; holds no logic."""

    name = "papers"
