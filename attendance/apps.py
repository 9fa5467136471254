"""The attendance app."""

from django.apps import AppConfig
from django.utils.module_loading import import_string


class AttendanceConfig(AppConfig):
    """Hears of one thing that happens below: someone asked to be forgotten."""

    name = "attendance"

    def ready(self) -> None:
        """Empty what phones wrote about a person in the transaction that erases them; models are there only by now."""
        listen = import_string("common.events.listen")
        listen("villages.person", "anonymised", import_string("attendance.actions.settling.forget_names"))
