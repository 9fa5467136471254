"""The common app."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    """Names the app; holds no logic."""

    name = "common"
