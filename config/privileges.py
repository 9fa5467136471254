"""PostgreSQL refuses to run as root: become somebody else in the child, just before it starts."""

import ctypes
import os
import pwd
import signal
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG, PR_SET_SECUREBITS, PR_CAP_AMBIENT, AMBIENT_RAISE = 1, 28, 47, 2
NO_SETUID_FIXUP = 4
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522
OTHERS_MAY_ENTER = 0o001


@dataclass(frozen=True)
class Account:
    """Whom the server runs as; reach is set when folders on the way are closed to that account."""

    uid: int
    gid: int
    reach: bool

    @classmethod
    def for_folder(cls, folder: Path, *needed: Path) -> "Account":
        """Return ourselves, or, when we are root, the folder's owner if that is a person, else nobody."""
        if os.geteuid():
            return cls(os.geteuid(), os.getegid(), reach=False)
        owner = person(folder.stat().st_uid) or pwd.getpwnam("nobody")
        return cls(owner.pw_uid, owner.pw_gid, reach=any(map(closed, (folder, *needed))))

    def own(self, folder: Path) -> None:
        """Make the folder ours alone."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.geteuid():
            os.chown(folder, self.uid, self.gid)

    def become(self) -> Callable[[], None]:
        """Return what a child calls between fork and exec: change the account, and end when its parent ends."""
        libc = ctypes.CDLL(None, use_errno=True)
        change, parent = not os.geteuid(), os.getpid()

        def step_down() -> None:
            if change:
                if self.reach:
                    prctl(libc, PR_SET_SECUREBITS, NO_SETUID_FIXUP)
                os.setgroups([])
                os.setgid(self.gid)
                os.setuid(self.uid)
                if self.reach:
                    keep_reach(libc)
            end_with_parent(libc, parent, signal.SIGINT)

        return step_down


def person(uid: int) -> pwd.struct_passwd | None:
    """Return the account of an ordinary user of this machine."""
    try:
        return pwd.getpwuid(uid) if uid else None
    except KeyError:
        return None


def closed(path: Path) -> bool:
    """Say whether other accounts are stopped somewhere on the way to this path."""
    return any(not part.stat().st_mode & OTHERS_MAY_ENTER for part in (path, *path.parents))


def keep_reach(libc: ctypes.CDLL) -> None:
    """Keep one power of root over the exec: to pass closed folders, so that a checkout below /root works unchanged.

    Without NO_SETUID_FIXUP the kernel would forget that power in access(2), which initdb asks.
    """
    bits = 1 << CAP_DAC_OVERRIDE
    header = struct.pack("II", CAPABILITY_VERSION_3, 0)
    if libc.capset(header, struct.pack("6I", bits, bits, bits, 0, 0, 0)):
        raise OSError(ctypes.get_errno(), "capset")
    prctl(libc, PR_CAP_AMBIENT, AMBIENT_RAISE, CAP_DAC_OVERRIDE)


def bound_to_parent(how: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """Return what a child calls between fork and exec so that it ends when its parent ends."""
    libc, parent = ctypes.CDLL(None, use_errno=True), os.getpid()
    return lambda: end_with_parent(libc, parent, how)


def end_with_parent(libc: ctypes.CDLL, parent: int, how: signal.Signals) -> None:
    """Ask Linux to send this process a signal when its parent dies, however it dies."""
    if sys.platform == "linux":
        prctl(libc, PR_SET_PDEATHSIG, how)
    if os.getppid() != parent:  # it died before we could ask
        os._exit(1)


def prctl(libc: ctypes.CDLL, option: int, *values: int) -> None:
    """Tell Linux something about this process, with all the arguments it reads."""
    if libc.prctl(option, *(values + (0,) * (4 - len(values)))):
        raise OSError(ctypes.get_errno(), f"prctl {option}")
