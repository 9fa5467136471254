"""Senders that are killed: forks senders two at a time, ends them with SIGKILL at random moments, then lets one finish.

Run as `python -m tests.reminders.killed_senders SEED KILLS GATEWAY`; prints how many were killed while they worked.
"""

import os
import random
import select
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from reminders import claims, sender  # noqa: E402  Django first
from reminders.channels.gateway import Letter, Outcome  # noqa: E402
from reminders.channels.log import LogGateway  # noqa: E402
from reminders.models import LoggedText, Message  # noqa: E402
from reminders.states import MessageState  # noqa: E402
from tests.factories import NOW  # noqa: E402

LEASE = 0.4
ENOUGH, PATIENCE = 25.0, 1.0


AT_WORK = os.pipe()  # a sender says that its first letters are at the gateway


class SlowLog(LogGateway):
    """Takes its time before and after a text is kept, so that kills fall between the two."""

    def deliver(self, letters: Sequence[Letter], *, at: datetime) -> Mapping[UUID, Outcome]:
        """Keep the texts as the real one does."""
        os.write(AT_WORK[1], b".")
        time.sleep(0.01)
        said = super().deliver(letters, at=at)
        time.sleep(0.02)
        return said


class ForgetfulLog(SlowLog):
    """The guard off: says that it keeps keys, and does not."""

    def deliver(self, letters: Sequence[Letter], *, at: datetime) -> Mapping[UUID, Outcome]:
        """Keep every text as a new one."""
        os.write(AT_WORK[1], b".")
        for letter in letters:
            LoggedText.objects.create(
                key=uuid4(), contact_point_id=letter.contact_point_id, text=letter.wording.text, at=at
            )
        time.sleep(0.06)
        return {letter.key: Outcome(MessageState.SENT) for letter in letters}


GATEWAYS = {"slow": SlowLog, "forgetful": ForgetfulLog}


def send(gateway: str) -> None:
    """Be one sender for a whole life."""
    claims.LEASE, sender.AT_ONCE = timedelta(seconds=LEASE), 5
    sender.send_due(clock=lambda: NOW, gateways=[GATEWAYS[gateway]()])


def fork(gateway: str) -> int:
    """Start one sender with everything already loaded."""
    child = os.fork()
    if child == 0:
        try:
            send(gateway)
        finally:
            os._exit(0)
    return child


def main(seed: int, kills: int, gateway: str) -> None:
    """Kill senders `kills` times, then let one finish what they left."""
    chance, killed, end = random.Random(seed), 0, time.monotonic() + ENOUGH  # noqa: S311  a test is repeatable
    while killed < kills and time.monotonic() < end:
        children = [fork(gateway), fork(gateway)]
        select.select([AT_WORK[0]], [], [], PATIENCE)
        time.sleep(chance.uniform(0, 0.1))
        for child in children:
            os.kill(child, signal.SIGKILL)
            killed += os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        while select.select([AT_WORK[0]], [], [], 0)[0]:
            os.read(AT_WORK[0], 4096)
    while time.monotonic() < end:
        os.waitpid(fork(gateway), 0)
        if not Message.objects.filter(state__in=[MessageState.PLANNED, MessageState.CLAIMED]).exists():
            break
        django.db.connections.close_all()
        time.sleep(LEASE / 2)
    print(killed)  # noqa: T201  the parent reads it


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
