"""A database that has every migration and no row but theirs, made once and copied ever after.

Its name is the fingerprint of what made it: the migrations and the packages' versions. Others of its kind are dropped.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from pathlib import Path

import psycopg
from psycopg import sql

from config.environment import BASE_DIR, VAR
from tests.settings import DATABASES, SERVER_OF_TESTS

SERVER = DATABASES["default"]
PREFIX = "migrated_"
Connection = psycopg.Connection[tuple[object, ...]]


@contextmanager
def server() -> Iterator[None]:
    """Hold the server of the tests up."""
    with SERVER_OF_TESTS.running() if SERVER_OF_TESTS else nullcontext():
        yield


def connect(name: str) -> Connection:
    """Open a connection that keeps nothing open behind it."""
    where = {"host": SERVER["HOST"], "port": SERVER.get("PORT") or None, "user": SERVER["USER"]}
    return psycopg.connect(**where, password=SERVER.get("PASSWORD") or None, dbname=name, autocommit=True)


def template() -> str:
    """Name the database to copy; the first who asks makes it."""
    name = PREFIX + fingerprint()
    with (VAR / "test-template").open("a") as gate, connect("postgres") as postgres:
        fcntl.flock(gate, fcntl.LOCK_EX)
        known = postgres.execute("SELECT datname FROM pg_database WHERE datname ^@ %s", [PREFIX]).fetchall()
        if (name,) not in known:
            for (old,) in known:
                postgres.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(str(old))))
            _make(postgres, name)
    return name


@cache
def fingerprint() -> str:
    """Digest what makes the database: our migrations, and the lock that names everybody else's."""
    files = [*sorted(BASE_DIR.glob("*/migrations/*.py")), BASE_DIR / "requirements.txt"]
    parts = (part for path in files for part in (str(path.relative_to(BASE_DIR)).encode(), path.read_bytes()))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:12]


def _make(postgres: Connection, name: str) -> None:
    """Migrate a new database, and give it its name when it is whole."""
    new = f"{PREFIX}new"
    postgres.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(new)))
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_CONNECT_TO": new}
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=Path(BASE_DIR), env=environment, check=True)
    postgres.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(new), sql.Identifier(name)))
