"""The reminders app."""

from django.apps import AppConfig
from django.utils.module_loading import import_string


class RemindersConfig(AppConfig):
    """Subscribes to what happens on the floors below; the seam of the house, which `papers` uses for one event."""

    name = "reminders"

    def ready(self) -> None:
        """Plan messages in the transaction of whatever makes them necessary; models are there only by now."""
        import_string("reminders.channels.refuse_unknown")()
        import_string("reminders.channels.refuse_strangers")()
        register = import_string("reminders.families.register")
        register("", import_string("reminders.families.sessions.looks"))
        register("reminders.outage", import_string("reminders.outage.looks"))
        import_string("reminders.listening.subscribe")()
