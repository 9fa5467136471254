"""The replies app."""

from django.apps import AppConfig
from django.utils.module_loading import import_string

from common.chores import each_tick


class RepliesConfig(AppConfig):
    """Answers what came in at every tick, and hears who asks for silence or to be forgotten."""

    name = "replies"

    def ready(self) -> None:
        """Say what becomes of our answers as they leave; models are there only by now."""
        register, listen = import_string("reminders.families.register"), import_string("common.events.listen")
        register("replies.reply", import_string("replies.letters.reply_looks"))
        register("replies.answer", import_string("replies.letters.answer_looks"))
        each_tick(import_string("replies.answering.answer_at"))
        for verb in ("opted_out", "marked"):
            listen("villages.contactpoint", verb, import_string("replies.planning.withhold"))
        listen("villages.person", "anonymised", import_string("replies.forgetting.forget_words"))
