"""What a reply asks for, and what became of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.moves import Moves


class Intent(models.TextChoices):
    """What somebody who writes to us wants, as far as a word or a button says it."""

    YES = "yes", _("Will come")
    NO = "no", _("Cannot come")
    SCHEDULE = "schedule", _("Asks for the schedule")
    STOP = "stop", _("Wants no more messages")
    START = "start", _("Wants messages again")
    HELP = "help", _("Asks for help")
    JOIN = "join", _("Wants to join")
    WRONG_NUMBER = "wrong_number", _("Says it is the wrong number")
    FREE = "free", _("Something else")


class Outcome(models.TextChoices):
    """What became of what they want; it chooses the words of the answer."""

    DONE = "done", _("Done")
    LATE = "late", _("The session had begun")
    CANCELLED = "cancelled", _("The session was cancelled")
    CHANGED = "changed", _("The session had another time by then")
    NOTHING = "nothing", _("Nothing was found to do")
    AGAIN = "again", _("It was so already")
    WAITING = "waiting", _("A person goes on with it")


class ReplyState(models.TextChoices):
    """From its arrival to an end."""

    NEW = "new", _("New")
    ANSWERED = "answered", _("Answered by itself")
    OPEN = "open", _("Waits for a person")
    CLOSED = "closed", _("Closed")


REPLY_MOVES = Moves(
    ReplyState,
    {
        ReplyState.NEW: (ReplyState.ANSWERED, ReplyState.OPEN),
        ReplyState.ANSWERED: (ReplyState.OPEN,),
        ReplyState.OPEN: (ReplyState.CLOSED,),
        ReplyState.CLOSED: (ReplyState.OPEN,),
    },
)
