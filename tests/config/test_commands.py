"""The one command of the product, where it is our own."""

import os
import sys

import pytest

from config import commands

TWO = ["-n", "2", "--dist", "loadgroup"]


@pytest.mark.parametrize(
    ("told", "how"),
    [
        ([], TWO),
        (["--quiet", "-x", "--durations=5"], TWO),
        (["-n", "0"], []),
        (["-p", "no:xdist"], []),
        (["tests/house"], []),
        (["-k", "phone"], []),
    ],
)
def test_all_tests_run_in_two_processes_and_a_part_in_one(
    monkeypatch: pytest.MonkeyPatch, told: list[str], how: list[str]
) -> None:
    ran: list[list[str]] = []

    def become(_program: str, command: list[str]) -> None:
        ran.append(command)
        raise SystemExit

    monkeypatch.setattr(os, "execv", become)
    with pytest.raises(SystemExit):
        commands.main(["manage.py", "test", *told])
    assert ran == [[sys.executable, "-m", "pytest", *how, *told]]
