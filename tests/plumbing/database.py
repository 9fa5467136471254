"""The PostgreSQL server under the tests: started by the first run that needs it, stopped by the last."""

from collections.abc import Iterator

import pytest

from tests.settings import SERVER_OF_TESTS


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> Iterator[None]:
    """Hold the server up while tests use databases; pytest-django asks for this before it makes one."""
    if SERVER_OF_TESTS is None:
        yield
        return
    with SERVER_OF_TESTS.running():
        yield
