"""Where a start listens and what it keeps: its options, its port, its folder, its greeting."""

import argparse
import fcntl
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from config.demo import PASSWORD, SIGN_INS
from config.embedded import Embedded
from config.environment import VAR


def add_options(parser: argparse.ArgumentParser) -> None:
    """Say which options a start takes."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=port, default=8000, help="port to listen on (default: 8000)")
    parser.add_argument("--fresh", action="store_true", help="ask, then empty var/ before starting")


def port(text: str) -> int:
    """Read a port number."""
    number = int(text)
    if not 0 < number < 2**16:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return number


def place(options: argparse.Namespace) -> dict[str, str]:
    """Return the settings that follow from where we listen, unless they were given."""
    host = f"[{options.host}]" if ":" in options.host else options.host
    wanted = {"BASE_URL": f"http://{host}:{options.port}"}
    if settings.DEMO and options.host in {"0.0.0.0", "::"}:  # noqa: S104, asked for by --host
        wanted = {"BASE_URL": f"http://{socket.gethostname()}:{options.port}", "ALLOWED_HOSTS": "*"}
    return {name: os.environ.get(name) or value for name, value in wanted.items()}


def refuse_taken_port(host: str, number: int) -> None:
    """End with one line when nobody could listen there."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind(address)
    except OSError as error:
        raise SystemExit(f"Cannot listen on {host}:{number}: {error.strerror}. Choose another --port.") from error


@contextmanager
def only_start() -> Iterator[None]:
    """Be the only start in this folder."""
    try:
        VAR.mkdir(parents=True, exist_ok=True)
        lock = (VAR / "start.lock").open("a+")
    except OSError as error:
        raise SystemExit(f"Cannot write to {VAR}: {error.strerror}.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise SystemExit(f"It is already running in this folder, as process {lock.read().strip()}.") from error
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def empty_var() -> None:
    """Ask, then delete all that was kept here."""
    for users in VAR.glob("*-users"):
        if not Embedded(users.with_name(users.name.removesuffix("-users"))).idle():
            raise SystemExit(f"Another command is using the database in {VAR}; stop it first.")
    try:
        answer = input(f"Delete everything in {VAR} (database, files, keys)? [y/N] ")
    except EOFError:
        answer = ""
    if answer.strip().lower() not in {"y", "yes", "ya"}:
        raise SystemExit("Nothing was deleted.")
    for path in VAR.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != "start.lock":
            path.unlink()


@contextmanager
def broker_folder() -> Iterator[str]:
    """Yield a new folder for the embedded broker; what an older one held is in rows anyway."""
    if settings.REDIS_URL:
        yield ""
        return
    shutil.rmtree(VAR / "broker", ignore_errors=True)
    (VAR / "broker").mkdir()
    yield tempfile.mkdtemp(dir=VAR / "broker")
    shutil.rmtree(VAR / "broker", ignore_errors=True)


def banner(address: str) -> str:
    """Return where the product is and, in the demo, how to get in."""
    lines = [f"Desa Devisa Tracker runs at {address}/  (Ctrl-C stops it)"]
    if settings.DEMO:
        lines += ["", f"Demo sign-ins, all with the password {PASSWORD}:"]
        lines += [f"  {email:<20} {role}" for email, role in SIGN_INS]
    return "\n".join(lines)
