"""What watchers of the servers are told."""

import pytest
from django.db import connection
from django.test import Client


def test_live_asks_nothing_of_the_database(client: Client) -> None:
    answer = client.get("/health/live", headers={"host": "10.0.0.7"})  # no db fixture: a query would fail
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_ready_when_every_migration_is_there(client: Client) -> None:
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_ready_counts_what_is_missing(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'reminders'")
        missing = cursor.rowcount
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.content.decode()) == (503, f"{missing} migrations are waiting\n")
