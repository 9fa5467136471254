"""The programs app."""

from django.apps import AppConfig
from django.utils.module_loading import import_string


class ProgramsConfig(AppConfig):
    """Hears of one thing that happens below: someone asked to be forgotten."""

    name = "programs"

    def ready(self) -> None:
        """Empty what was written about a person in the transaction that erases them; models are there only by now."""
        listen = import_string("common.events.listen")
        listen("villages.person", "anonymised", import_string("programs.actions.enrollment.forget_reasons"))
