"""The ground under the tests is the real thing."""

from django.conf import settings
from django.db import connection


def test_database_is_postgresql_with_server_side_binding(db: None) -> None:
    assert settings.SETTINGS_MODULE == "tests.settings"
    assert connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int >= 160000, %s", ["bound"])
        assert cursor.fetchone() == (True, "bound")
