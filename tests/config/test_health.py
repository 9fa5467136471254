"""What watchers of the servers are told."""

import pytest
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import Settings

from config import health
from reminders.pulse import sign
from reminders.states import Part


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


# -- messages ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_sending_is_red_while_nobody_sends_and_ready_is_not(client: Client) -> None:
    answer = client.get("/health/sending", headers={"host": "10.0.0.7"})
    lines = answer.content.decode().splitlines()
    assert answer.status_code == 503
    assert lines[0].startswith("RED  Sending: Last sign of life: never.")
    assert "ok   Queue: Nothing waits." in lines
    assert client.get("/health/ready").status_code == 200  # a load balancer leaves the web where it is


@pytest.mark.django_db
def test_sending_is_well_with_a_sign_of_life(client: Client) -> None:
    sign(Part.DISPATCHER)
    answer = client.get("/health/sending")
    assert answer.status_code == 200
    assert {line.split()[0] for line in answer.content.decode().splitlines()} == {"ok"}
    assert answer.headers["Cache-Control"] == "no-store"


def test_sending_says_when_the_database_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError

    monkeypatch.setattr(health, "database_clock", away)
    for address in ("/health/sending", "/metrics"):
        answer = client.get(address)
        assert (answer.status_code, answer.content) == (503, b"the database does not answer\n")


# -- figures ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_metrics_are_for_this_machine(client: Client) -> None:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert b"desa_sending_well 0\n" in answer.content


@pytest.mark.parametrize(
    "come_from",
    [{"REMOTE_ADDR": "203.0.113.7"}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, {"REMOTE_ADDR": ""}],
    ids=["elsewhere", "through a proxy", "a socket"],
)
def test_metrics_are_for_nobody_else(client: Client, come_from: dict[str, str]) -> None:
    assert client.get("/metrics", **come_from).status_code == 403  # type: ignore[arg-type]


@pytest.mark.django_db
def test_metrics_ask_for_the_token_where_there_is_one(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "sesame"
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"authorization": "Bearer other"}).status_code == 403
    assert client.get("/metrics", headers={"authorization": "Bearer sesame é"}).status_code == 403
    given = {"authorization": "Bearer sesame", "x-forwarded-for": "203.0.113.7"}
    assert client.get("/metrics", headers=given).status_code == 200
