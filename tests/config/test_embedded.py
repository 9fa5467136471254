"""The embedded PostgreSQL: shared, found again after accidents, and gone with its last user."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from config.embedded import Embedded
from config.environment import BASE_DIR


def setting(server: Embedded, name: str) -> object:
    with psycopg.connect(server.url("postgres")) as connection:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    return row[0] if row else None


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Embedded:
    server = Embedded(tmp_path_factory.mktemp("embedded") / "postgres")
    with server.running():  # so that its folder is there, whichever test is first
        return server


def test_server_is_durable_and_off_the_network(server: Embedded) -> None:
    with server.running():
        found = {name: setting(server, name) for name in ("fsync", "synchronous_commit", "listen_addresses")}
    assert found == {"fsync": "on", "synchronous_commit": "on", "listen_addresses": ""}
    assert not server.answers()


def test_server_stays_until_its_last_user_leaves(server: Embedded) -> None:
    other = (
        "import sys; from pathlib import Path; from config.embedded import Embedded\n"
        "with Embedded(Path(sys.argv[1])).running(): print('up', flush=True); sys.stdin.read()"
    )
    with server.running():
        second = subprocess.Popen(
            [sys.executable, "-c", other, str(server.data)],
            cwd=BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert second.stdout is not None
        assert second.stdout.readline() == "up\n"
        assert not server.idle()
    assert server.answers()
    second.communicate()
    assert not server.answers()
    assert server.idle()


def test_stale_pid_of_another_process_is_forgotten(server: Embedded) -> None:
    stale = server.data / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{server.data}\n0\n5432\n{server.sockets}\n\n 1 1\nready   \n")
    with server.running():
        assert setting(server, "data_directory") == str(server.data)


def test_folder_whose_mode_was_lost_is_closed_again(server: Embedded) -> None:
    server.data.chmod(0o755)
    with server.running():
        assert setting(server, "data_directory_mode") == "0700"


def test_path_too_long_for_a_socket_is_served_from_tmp(tmp_path: Path) -> None:
    server = Embedded(tmp_path / ("deep" * 20) / "postgres", safe=False)
    assert len(str(server.sockets)) < 60
    with server.running():
        server.create("once")
        server.create("once")
        with psycopg.connect(server.url("once")) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    server.sockets.rmdir()
