"""Writers that are killed: forks one after the other, ends each with SIGKILL in the middle, lets the last finish.

Run as `python -m tests.downloads.killed_writers KILLS FOLDER`; prints how many were killed while they wrote.
"""

import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.core.files.storage import FileSystemStorage  # noqa: E402  Django first

from downloads import actions  # noqa: E402
from downloads.desk import write_waiting  # noqa: E402
from downloads.lists import TABLES  # noqa: E402
from downloads.models import Download  # noqa: E402
from tests.factories import NOW  # noqa: E402

LEASE = 0.4
AT_WORK = os.pipe()  # a writer says that it has written a chunk
_told = actions._told  # noqa: SLF001  slowed down, so that a kill falls between two chunks


def slowly(*given: Any) -> Iterator[Any]:
    """Write chunk by chunk, with a breath after each."""
    for chunk in _told(*given):
        yield chunk
        os.write(AT_WORK[1], b".")
        time.sleep(0.05)


def write(folder: str) -> None:
    """Be one writer for a whole life."""
    small = {key: replace(table, chunk=2) for key, table in TABLES.items()}
    storage, lease = FileSystemStorage(folder), timedelta(seconds=LEASE)
    vars(actions).update(TABLES=small, LEASE=lease, default_storage=storage, _told=slowly)
    write_waiting(clock=lambda: NOW)


def fork(folder: str) -> int:
    """Start one writer with everything already loaded."""
    child = os.fork()
    if child == 0:
        try:
            write(folder)
        finally:
            os._exit(0)
    return child


def main(kills: int, folder: str) -> None:
    """Kill writers in the middle, then let one finish what they left."""
    killed = 0
    for _ in range(kills):
        child = fork(folder)
        select.select([AT_WORK[0]], [], [], 5)
        os.kill(child, signal.SIGKILL)
        killed += os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        while select.select([AT_WORK[0]], [], [], 0)[0]:
            os.read(AT_WORK[0], 4096)
        time.sleep(LEASE * 1.5)
    deadline = time.monotonic() + 20
    while Download.objects.open().exists() and time.monotonic() < deadline:
        django.db.connections.close_all()
        os.waitpid(fork(folder), 0)
    print(killed)  # noqa: T201  the parent reads it


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
