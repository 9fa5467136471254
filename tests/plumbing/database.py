"""The PostgreSQL server under the tests: started by the first run that needs it, stopped by the last."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.conf import settings
from django.db.backends.postgresql.operations import DatabaseOperations

from tests.plumbing.template import server, template
from tests.settings import SERVER_OF_TESTS

# A worker beside the tests may still be at it.
OTHERS_ARE_DONE = """
DO $$ BEGIN
    FOR look IN 1..200 LOOP
        EXIT WHEN NOT EXISTS (
            SELECT FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
        );
        PERFORM pg_sleep(0.02);
        PERFORM pg_stat_clear_snapshot();
    END LOOP;
END $$
"""


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> Iterator[None]:
    """Hold the server up while tests use databases, and have them copied; pytest-django asks before it makes one."""
    with server(), pytest.MonkeyPatch.context() as patch:
        settings.DATABASES["default"]["TEST"]["TEMPLATE"] = template()
        if SERVER_OF_TESTS:  # where we may do all
            patch.setattr(DatabaseOperations, "sql_flush", emptied)
        yield


def emptied(operations: DatabaseOperations, _style: object, tables: Sequence[str], **_wishes: Any) -> list[str]:
    """Empty tables row by row after a test that committed: most have none, and TRUNCATE gives each new files.

    The locks are those that TRUNCATE takes; triggers and foreign keys keep quiet as for it.
    """
    names = [operations.quote_name(table) for table in tables]
    deletes = "; ".join(f"DELETE FROM {name}" for name in names)  # noqa: S608  names of our own tables
    return [
        OTHERS_ARE_DONE,
        "SET LOCAL session_replication_role = replica",
        f"LOCK TABLE {', '.join(names)} IN ACCESS EXCLUSIVE MODE",
        deletes,
    ]
