"""What hands do that send, and how a stage is drained until nothing is due any more."""

import time

from reminders.claims import database_clock
from reminders.models import Message
from reminders.pulse import Dispatcher
from reminders.sender import send_due
from reminders.states import MessageState
from tests.hard.crew import fork
from tests.hard.stage import Stage

TICK = 0.02
STILL_OPEN = (MessageState.PLANNED, MessageState.CLAIMED)
ROUNDS = 80
A_LEASE = 3  # minutes


def send_for_ever() -> None:
    """Be a dispatcher for a whole life."""
    Dispatcher(every=TICK, asked_to_end=lambda: False, rest=time.sleep).run()


def send_once() -> None:
    """Be a sender for one tick."""
    send_due()


def drain(stage: Stage) -> None:
    """Let one hand send what is left, and the clock run on, until nothing is claimed or due within the working day."""
    for _ in range(ROUNDS):
        if fork(send_once).wait():
            raise RuntimeError("A sender failed.")
        if not is_open(stage):
            return
        stage.skip(minutes=A_LEASE)


def is_open(stage: Stage) -> bool:
    """Say whether something is claimed, or planned for the next hours."""
    soon = database_clock() + stage.soon
    claimed = Message.objects.filter(state=MessageState.CLAIMED)
    return claimed.exists() or Message.objects.due(soon).exists()
