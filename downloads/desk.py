"""The writing desk of a process: one thread that writes what waits, so that no text to a villager waits for a list."""

import logging
import os
import threading
from collections.abc import Callable
from datetime import datetime

from django.db import close_old_connections, connection
from django.utils.timezone import now

from common.sheets import sweep_unfinished
from downloads.actions import LIFE, Lost, expire_downloads, fail_download, take_download, write_download
from downloads.models import Download
from downloads.states import Failure

log = logging.getLogger(__name__)


def write_waiting(*, clock: Callable[[], datetime] = now) -> int:
    """Write everything that waits, one after the other; tell how many were taken up."""
    count = 0
    while download := take_download():
        write_one(download, clock=clock)
        count += 1
    return count


def write_one(download: Download, *, clock: Callable[[], datetime] = now) -> None:
    """Write one that was taken up; a fault in one list is told to its owner and stops no other."""
    try:
        write_download(download, at=clock())
    except Lost:
        log.warning("a download was taken up by another writer")
    except Exception:
        log.exception("a download could not be written")
        fail_download(download, failure=Failure.BROKEN, at=clock())


class Desk:
    """At most one thread of this process, which ends when nothing waits any more."""

    def __init__(self) -> None:
        """Begin without a thread; a forked child begins anew."""
        self._forget()
        os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        self._gate, self._thread = threading.Lock(), None

    _thread: threading.Thread | None

    def look(self, at: datetime) -> None:  # noqa: ARG002  the signature is the chores'
        """Begin to write when something waits; returns at once."""
        if not Download.objects.takeable().exists():
            return
        with self._gate:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="downloads", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        close_old_connections()
        try:
            write_waiting()
        except Exception:
            log.exception("the writing desk stopped; the next tick begins anew")
        finally:
            connection.close()


desk = Desk()


def look_for_downloads(at: datetime) -> None:
    """Do what every tick does: let what waits be written."""
    desk.look(at)


def sweep_downloads(at: datetime) -> None:
    """Do what every sweep does: delete what is past its day, and what a killed writer left."""
    expire_downloads(at=at)
    sweep_unfinished(before=at - LIFE)
