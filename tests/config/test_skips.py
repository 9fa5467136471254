"""Under CI a skip is a failure."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = """
import pytest

def test_something():
    pytest.skip("no thing on PATH")

def test_file():
    pytest.skip("not part of the repository: list")

@pytest.mark.xfail(reason="known")
def test_known():
    assert False
"""


@pytest.mark.parametrize(("ci", "closing"), [("true", "1 failed, 1 skipped, 1 xfailed"), ("", "2 skipped, 1 xfailed")])
def test_skip_is_told_and_fails_under_ci(tmp_path: Path, ci: str, closing: str) -> None:
    (tmp_path / "test_it.py").write_text(TESTS)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-ra",
        "-p",
        "tests.plumbing.skips",
        "-p",
        "no:django",
        "-p",
        "no:cacheprovider",
    ]
    command += ["--rootdir", str(tmp_path), "-c", os.devnull, str(tmp_path)]
    done = subprocess.run(command, env=os.environ | {"CI": ci}, capture_output=True, text=True, check=False)
    assert closing in done.stdout.splitlines()[-1]
    assert "no thing on PATH" in done.stdout
