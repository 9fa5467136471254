"""Hands that work in processes of their own, forked with everything loaded; they are killed and frozen at will."""

import ctypes
import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connections

from config.privileges import end_with_parent

LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass
class Hand:
    """One forked process."""

    pid: int
    ended: int | None = None  # its exit code, negative for a signal

    def kill(self) -> bool:
        """End it where it stands; says whether it was still at work."""
        os.kill(self.pid, signal.SIGKILL)
        return self.wait() == -signal.SIGKILL

    def freeze(self) -> None:
        """Stop it where it stands."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on as if nothing had been."""
        os.kill(self.pid, signal.SIGCONT)

    def wait(self) -> int:
        """Wait for its end; returns its exit code."""
        if self.ended is None:
            self.ended = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.ended


def fork(work: Callable[[], None]) -> Hand:
    """Have a new hand do that work; it ends with its parent."""
    connections.close_all()
    sys.stdout.flush()
    parent, pid = os.getpid(), os.fork()
    if pid:
        return Hand(pid)
    code = 1
    try:
        end_with_parent(LIBC, parent, signal.SIGKILL)
        work()
        code = 0
    except BaseException:  # noqa: BLE001  a child must not go on as its parent would
        traceback.print_exc()
    finally:
        os._exit(code)
