"""Make the place ready: the database and its tables, the static files, the demo. Doing it twice changes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

ONE_AT_A_TIME = 7_246_173  # an advisory lock: any number that nothing else uses


def prepare() -> None:
    """Bring the database up to date."""
    django.setup()
    with alone():
        if migrations_wait():
            call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)


def prepare_everything() -> None:
    """Bring the database up to date, gather the static files, and load the demo where there is nothing yet."""
    prepare()
    call_command("collectstatic", verbosity=0, interactive=False, clear=False)
    if settings.DEMO and not get_user_model()._default_manager.exists():
        call_command("seed_demo", verbosity=0)


def migrations_wait() -> bool:
    """Say whether the database lacks a migration."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def alone() -> Iterator[None]:
    """Let one process at a time change the tables."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])
