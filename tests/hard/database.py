"""A database of its own for one figure, on the server of the tests, with a clock that can be moved."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg import sql

from tests.plumbing.template import connect, server, template

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


@contextmanager
def a_database(*, at: str = "10:00") -> Iterator[Database]:
    """Have an empty database with every migration, where it is `at` o'clock in Jakarta; it is gone afterwards."""
    name = f"hard_{os.getpid()}"
    own = sql.Identifier(name)
    with server(), connect("postgres") as postgres:
        postgres.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(own, sql.Identifier(template())))
        try:
            postgres.execute(sql.SQL("ALTER DATABASE {} SET search_path = hard, public, pg_catalog").format(own))
            database = Database(name)
            database.ask(CLOCK)
            database.ask(SET, at)
            yield database
        finally:
            postgres.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(own))
