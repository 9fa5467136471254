"""The briefings app."""

from django.apps import AppConfig
from django.utils.module_loading import import_string

from common.chores import each_sweep


class BriefingsConfig(AppConfig):
    """What staff are told of their own work, and people of their certificates."""

    name = "briefings"

    def ready(self) -> None:
        """Plan at every sweep and in the transaction of what matters; models are there only by now."""
        register = import_string("reminders.families.register")
        for subject_type, looks in import_string("briefings.planning.FAMILIES").items():
            register(subject_type, looks)
        each_sweep(import_string("briefings.planning.plan_at"))
        import_string("briefings.listening.subscribe")()
