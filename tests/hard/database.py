"""A database of its own for one figure, on the server of the tests, with a clock that can be moved."""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
from psycopg import sql

from config.environment import BASE_DIR, VAR
from tests.settings import DATABASES, SERVER_OF_TESTS

SERVER = DATABASES["default"]
# Whoever asks PostgreSQL for the time is told ours: the schema goes before the catalogue in every search.
CLOCK = """
CREATE SCHEMA hard;
CREATE TABLE hard.shift AS SELECT interval '0' AS by;
CREATE FUNCTION hard.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
AS 'SELECT pg_catalog.clock_timestamp() + (SELECT by FROM hard.shift)';
CREATE FUNCTION hard.now() RETURNS timestamptz LANGUAGE sql STABLE
AS 'SELECT pg_catalog.now() + (SELECT by FROM hard.shift)';
CREATE FUNCTION hard.statement_timestamp() RETURNS timestamptz LANGUAGE sql STABLE
AS 'SELECT pg_catalog.statement_timestamp() + (SELECT by FROM hard.shift)';
"""
SET = """
UPDATE hard.shift SET by = (date_trunc('day', pg_catalog.now() AT TIME ZONE 'Asia/Jakarta') + %s::time)
    AT TIME ZONE 'Asia/Jakarta' - pg_catalog.now()
"""


@dataclass(frozen=True)
class Database:
    """One database, by its name."""

    name: str

    def ask(self, statement: str, *facts: object) -> list[tuple[object, ...]]:
        """Run one statement over a connection of its own, beside Django's."""
        with connect(self.name) as connection:
            cursor = connection.execute(statement.encode(), facts)
            return cursor.fetchall() if cursor.description else []

    def now(self) -> datetime:
        """Read its clock."""
        at = self.ask("SELECT clock_timestamp()")[0][0]
        assert isinstance(at, datetime)
        return at

    def shift(self, by: timedelta) -> None:
        """Let its clock jump."""
        self.ask("UPDATE hard.shift SET by = by + %s", by)


def connect(name: str) -> "psycopg.Connection[tuple[object, ...]]":
    """Open a connection that keeps nothing open behind it."""
    where = {"host": SERVER["HOST"], "port": SERVER.get("PORT") or None, "user": SERVER["USER"]}
    return psycopg.connect(**where, password=SERVER.get("PASSWORD") or None, dbname=name, autocommit=True)


@contextmanager
def a_database(*, at: str = "10:00") -> Iterator[Database]:
    """Have an empty database with every migration, where it is `at` o'clock in Jakarta; it is gone afterwards."""
    with SERVER_OF_TESTS.running() if SERVER_OF_TESTS else nullcontext():
        name = sql.Identifier(f"hard_{os.getpid()}")
        with connect("postgres") as server:
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, sql.Identifier(template())))
            try:
                server.execute(sql.SQL("ALTER DATABASE {} SET search_path = hard, public, pg_catalog").format(name))
                database = Database(f"hard_{os.getpid()}")
                database.ask(CLOCK)
                database.ask(SET, at)
                yield database
            finally:
                server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def template() -> str:
    """Name a database that has every migration and no row but theirs; the first who asks makes it."""
    files = sorted(str(path.relative_to(BASE_DIR)) for path in BASE_DIR.glob("*/migrations/*.py"))
    written = b"".join((BASE_DIR / path).read_bytes() for path in files)
    name = f"hard_template_{hashlib.sha256(written).hexdigest()[:12]}"
    with (VAR / "hard-template").open("a") as gate, connect("postgres") as server:
        fcntl.flock(gate, fcntl.LOCK_EX)
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            make(server, name)
    return name


def make(server: "psycopg.Connection[tuple[object, ...]]", name: str) -> None:
    """Migrate a new database, and give it its name when it is whole."""
    new = f"{name}_new"
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(new)))
    server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(new)))
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_CONNECT_TO": new}
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=Path(BASE_DIR), env=environment, check=True)
    server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(new), sql.Identifier(name)))
