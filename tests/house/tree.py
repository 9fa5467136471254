"""The house as files: what the tests of the house walk over."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOWER = (
    "common accounts villages almanac programs attendance mentoring exports progress papers reports noticeboard phone"
    " reminders briefings replies audit downloads api"
)
APPS = tuple(name for name in TOWER.split() if (ROOT / name).is_dir())
ROOMS = (*APPS, "config", "bench")


def sources(*folders: str) -> Iterator[Path]:
    """Walk the Python files of these folders (all rooms when none is named), migrations left out."""
    for folder in folders or ROOMS:
        yield from (path for path in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in path.parts)


def templates() -> list[Path]:
    """List every template."""
    return sorted((ROOT / "templates").rglob("*.*"))


@cache
def parsed(path: Path) -> ast.Module:
    """Parse one file once."""
    return ast.parse(path.read_text())


def named(path: Path) -> str:
    """Name a file by its path in the house."""
    return str(path.relative_to(ROOT))
