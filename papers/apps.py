"""The papers app."""

from django.apps import AppConfig
from django.utils.module_loading import import_string


class PapersConfig(AppConfig):
    """Hears of one thing that happens below: someone asked to be forgotten."""

    name = "papers"

    def ready(self) -> None:
        """Empty the printed name in the transaction that erases a person; models are there only by now."""
        listen = import_string("common.events.listen")
        listen("villages.person", "anonymised", import_string("papers.actions.forget_bearer"))
