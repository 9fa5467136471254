"""The downloads app."""

from django.apps import AppConfig
from django.utils.module_loading import import_string

from common.chores import each_sweep, each_tick


class DownloadsConfig(AppConfig):
    """Writes lists that people asked for at every tick, and deletes them a day later."""

    name = "downloads"

    def ready(self) -> None:
        """Say what is done at ticks and sweeps; models are there only by now."""
        each_tick(import_string("downloads.desk.look_for_downloads"))
        each_sweep(import_string("downloads.desk.sweep_downloads"))
