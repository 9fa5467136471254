"""Settings: the demo needs nothing; the real thing says in one line what it lacks."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config.environment import BASE_DIR

SECRET = "s" * 50
LOOK = (
    "import json, config.settings as s; "
    "print(json.dumps([s.DEMO, s.SECRET_KEY, s.SESSION_COOKIE_SECURE, s.SERVER.get('PASSWORD', '')]))"
)


def load(var: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", LOOK],
        cwd=BASE_DIR,
        env={**clean, "VAR_DIR": str(var), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_demo_needs_nothing_and_keeps_its_own_secret(tmp_path: Path) -> None:
    first, second = (json.loads(load(tmp_path).stdout) for _ in range(2))
    assert first == second == [True, (tmp_path / "secret_key").read_text(), False, ""]
    assert len(first[1]) >= 50
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({"DEMO": "false"}, "SECRET_KEY"),
        ({"DATABASE_URL": "postgres://desa@db/desa"}, "SECRET_KEY"),
        ({"DEMO": "false", "SECRET_KEY": SECRET, "MESSAGE_CHANNELS": "whatsapp,log"}, "WHATSAPP_TOKEN"),
        ({"DEMO": "false", "SECRET_KEY": SECRET, "MESSAGE_CHANNELS": "sms"}, "SMS_URL"),
    ],
)
def test_missing_secret_is_one_line(tmp_path: Path, environment: dict[str, str], name: str) -> None:
    done = load(tmp_path, **environment)
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith(f"{name} is missing: set {name} or {name}_FILE")
    assert SECRET not in done.stderr


def test_secrets_are_read_from_files(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{SECRET}\n")
    (tmp_path / "password").write_text("p4ss\n")
    done = load(
        tmp_path,
        SECRET_KEY_FILE=str(tmp_path / "key"),
        DATABASE_URL="postgres://desa@db/desa",
        DATABASE_PASSWORD_FILE=str(tmp_path / "password"),
        BASE_URL="https://desa.example",
    )
    assert json.loads(done.stdout) == [False, SECRET, True, "p4ss"]


def test_unreadable_secret_file_is_one_line(tmp_path: Path) -> None:
    done = load(tmp_path, SECRET_KEY_FILE=str(tmp_path / "absent"))
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("SECRET_KEY_FILE cannot be read: ")


def test_folder_that_cannot_be_written_is_one_line() -> None:
    done = load(Path("/proc/var"))
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("Cannot write /proc/var/secret_key: ")


def test_channel_that_is_not_built_stops_the_start_in_one_line(tmp_path: Path) -> None:
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=BASE_DIR,
        env={**clean, "VAR_DIR": str(tmp_path), "DEMO": "true", "MESSAGE_CHANNELS": "pigeon"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.strip() == "MESSAGE_CHANNELS names pigeon; this release has: whatsapp, sms, email, log, manual."
