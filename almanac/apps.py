"""The almanac app."""

from django.apps import AppConfig


class AlmanacConfig(AppConfig):
    """Names the app; holds no logic."""

    name = "almanac"
