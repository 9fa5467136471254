"""The first step on a bare machine: each obstacle is told in one clear line."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config.environment import BASE_DIR

BARE_PYTHON = [sys.executable, "-S"]  # no site-packages: the standard library alone


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Copy what the first step consists of."""
    (tmp_path / "config").mkdir()
    for name in ("manage.py", "config/__init__.py", "config/bootstrap.py", "requirements.txt", "requirements-dev.txt"):
        shutil.copy(BASE_DIR / name, tmp_path / name)
    return tmp_path


def run(checkout: Path, code: str) -> "subprocess.CompletedProcess[str]":
    command = [*BARE_PYTHON, "-c", f"import sys; sys.path.insert(0, '.'); {code}"]
    return subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)


def refused(done: "subprocess.CompletedProcess[str]") -> str:
    """Return the one line of a refusal."""
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    return line


def test_manage_can_be_read_by_python_3_6() -> None:
    ast.parse((BASE_DIR / "manage.py").read_text(encoding="utf-8"), feature_version=(3, 6))


def test_old_python_is_told(checkout: Path) -> None:
    done = run(checkout, "sys.version_info = (3, 9, 2); import runpy; runpy.run_path('manage.py')")
    assert refused(done) == "Desa Devisa Tracker needs Python 3.11 or newer; this is Python 3.9."


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_missing_venv_module_is_told(checkout: Path, module: str) -> None:
    start = "import config.bootstrap as bootstrap; bootstrap.main(['manage.py', 'start'])"
    done = run(checkout, f"sys.modules['{module}'] = None; sys.prefix = sys.base_prefix; {start}")
    assert (
        refused(done) == "Python's venv module is missing: install it (on Debian and Ubuntu: apt install python3-venv)."
    )
    assert not (checkout / ".venv").exists()


def test_lock_that_cannot_be_installed_is_told(checkout: Path) -> None:
    (checkout / "requirements.txt").write_text("absent @ file:///nowhere/absent.whl --hash=sha256:00\n")
    start = "import config.bootstrap as bootstrap; bootstrap.main(['manage.py', 'start'])"
    done = run(checkout, f"sys.prefix = sys.base_prefix; {start}")
    assert refused(done).startswith("Packages could not be installed: ERROR: ")
    assert not (checkout / ".venv" / "requirements.txt.stamp").exists()


def test_environment_made_elsewhere_is_not_used(checkout: Path) -> None:
    """A copied checkout carries a .venv whose scripts still point to the first place."""
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").symlink_to(sys.executable)
    done = run(checkout, "import config.bootstrap as bootstrap; print(bootstrap.usable())")
    assert done.stdout == "False\n"
