"""The ground under the tests is the real thing."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Page

from accounts.models import User
from common.events import record
from common.models import Event
from config.celery import app
from config.environment import BASE_DIR
from tests.factories import NOW
from tests.settings import SERVER_OF_TESTS


def test_database_is_postgresql_with_server_side_binding(db: None) -> None:
    assert settings.SETTINGS_MODULE == "tests.settings"
    assert connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int >= 160000, %s", ["bound"])
        assert cursor.fetchone() == (True, "bound")


def test_worker_answers_over_redis(celery_worker_process: "subprocess.Popen[bytes]") -> None:
    answers = app.control.ping(timeout=10, limit=1)
    assert [list(answer.values()) for answer in answers] == [[{"ok": "pong"}]]
    assert celery_worker_process.poll() is None


def test_axe_finds_what_is_wrong(axe: Callable[[Page], list[str]], desk_page: Page) -> None:
    desk_page.goto("/health/live")
    assert any(finding.startswith("html-has-lang") for finding in axe(desk_page))


def test_browser_reads_the_live_server(page: Page) -> None:
    page.goto("/health/live")
    assert page.text_content("body") == "ok\n"


def test_database_is_a_copy_of_a_migrated_one(db: None) -> None:
    assert settings.DATABASES["default"]["TEST"]["TEMPLATE"].startswith("migrated_")
    call_command("migrate", check=True, verbosity=0)


INHERITED = os.environ["DATABASE_URL"]


@pytest.mark.parametrize(
    ("address", "ours"),
    [("", True), (INHERITED, SERVER_OF_TESTS is not None), ("postgres://desa@db/desa", False)],
    ids=["none", "inherited", "theirs"],
)
def test_processes_of_tests_know_whose_server_it_is(address: str, *, ours: bool) -> None:
    told = "from tests import settings; print(settings.SERVER_OF_TESTS is not None)"
    done = subprocess.run(
        [sys.executable, "-c", told],
        cwd=BASE_DIR,
        env={**os.environ, "DATABASE_URL": address},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(ours)


def test_what_a_test_committed_is_gone_and_triggers_are_awake_again(transactional_db: None, admin: User) -> None:
    record(admin, verb="seen", by=admin, at=NOW)
    call_command("flush", interactive=False, verbosity=0)
    assert not User.objects.exists()
    assert not Event.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SHOW session_replication_role")
        assert cursor.fetchone() == ("origin",)
