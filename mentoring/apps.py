"""The mentoring app."""

from django.apps import AppConfig
from django.utils.module_loading import import_string

from common.chores import each_sweep


class MentoringConfig(AppConfig):
    """Names the app, and asks the sweep for one chore."""

    name = "mentoring"

    def ready(self) -> None:
        """Let parts of photos go that nobody completed; models are there only by now."""
        each_sweep(import_string("mentoring.actions.part.let_parts_go"))
