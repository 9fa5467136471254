"""The ground under the tests is the real thing."""

import subprocess
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from playwright.sync_api import Page

from config.celery import app


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
