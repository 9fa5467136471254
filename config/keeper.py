"""The process that keeps one embedded PostgreSQL up for as long as anybody holds its lock, and then shuts it down.

Everybody who needs the server holds a shared lock on one file. The keeper waits for the exclusive lock on it, and gets
it when the last of them is gone, be it by SIGKILL: the kernel keeps the count. While the keeper holds it, newcomers
wait.
"""

import fcntl
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from config.privileges import Account

PATIENCE = 30.0


def keep(users: Path, account: Account, command: list[str]) -> None:
    """Run the server until the last user is gone, or until it ends by itself."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with users.open("a") as lock:
        server = subprocess.Popen(command, preexec_fn=account.become())
        threading.Thread(target=leave_with, args=[server], daemon=True).start()
        fcntl.flock(lock, fcntl.LOCK_EX)
        shut_down(server)


def leave_with(server: subprocess.Popen[bytes]) -> None:
    """End the keeper when the server has ended."""
    os._exit(server.wait())


def shut_down(server: subprocess.Popen[bytes]) -> None:
    """Shut down fast but cleanly; crash-stop only when that does not come to an end."""
    for how in (signal.SIGINT, signal.SIGQUIT):
        server.send_signal(how)
        try:
            server.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            continue
        return


if __name__ == "__main__":
    users, uid, gid, reach, *command = sys.argv[1:]
    keep(Path(users), Account(int(uid), int(gid), reach == "True"), command)
