"""The common app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CommonConfig(AppConfig):
    """Names the app, and lets every app say how its rows are told of."""

    name = "common"

    def ready(self) -> None:
        """Read each app's `history.py`; models are there only by now."""
        autodiscover_modules("history")
