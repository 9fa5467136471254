"""Plays one figure of RELIABILITY and says whether it held: python -m tests.hard R1 --seed 7 --scale 1.

With --guard-off the same figure must break: what it proves is taken away, and a pause is put where it stood.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

import django

from tests.hard.database import a_database
from tests.hard.figures import FIGURES
from tests.hard.gateways import SETTINGS
from tests.hard.stage import Stage
from tests.hard.verdict import Verdict
from tests.plumbing.redis import free_port
from tests.provider.process import Provider


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="tests.hard", epilog="; ".join(f"{n}: {f.goal}" for n, f in FIGURES.items()))
    parser.add_argument("figure", choices=FIGURES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=float, default=1.0, help="1 is the whole figure")
    parser.add_argument("--guard-off", dest="guard", action="store_false")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def places(folder: str) -> dict[str, str]:
    """Name where files are kept."""
    (Path(folder) / "static").mkdir()
    return {"MEDIA_ROOT": f"{folder}/media", "STATIC_ROOT": f"{folder}/static"}


def play(told: argparse.Namespace) -> Verdict:
    """Set the stage and play."""
    figure, web_port = FIGURES[told.figure], free_port()
    with tempfile.TemporaryDirectory() as folder, a_database() as database:
        ledger = Path(folder) / "ledger"
        wishes = {**figure.wishes, **({} if told.guard else figure.unguarded)}
        with Provider(figure.gateway, ledger, seed=told.seed, life=3600, **wishes) as provider:
            os.environ |= {
                "DJANGO_SETTINGS_MODULE": "tests.hard.settings",
                "TEST_CONNECT_TO": database.name,
                "HARD_SETTINGS": json.dumps(
                    {**SETTINGS[figure.gateway](provider), **figure.settings, **places(folder)}
                ),
            }
            django.setup()
            module, _, name = figure.place.rpartition(".")
            stage = Stage(database, provider, Path(folder), web_port, told.seed, told.scale, told.guard)
            verdict: Verdict = getattr(import_module(module), name)(stage)
            import_module("django.db").connections.close_all()
            return verdict


def main() -> int:
    """Return 0 when the figure held, or when it broke without its guard as it must."""
    told, began = arguments(), time.monotonic()
    verdict = play(told)
    line = verdict.line(
        told.figure, seed=told.seed, scale=told.scale, guard=told.guard, seconds=time.monotonic() - began
    )
    print(verdict.written() if told.json else line)  # noqa: T201
    return int(bool(verdict.broken) == told.guard)


if __name__ == "__main__":
    sys.exit(main())
