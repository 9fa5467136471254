"""Rooms stay small enough to be read at one sitting."""

import ast
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from statistics import median

from tests.house.tree import named, parsed, sources, templates

LONGEST_FILE, LONGEST_FUNCTION, MEDIAN_FUNCTION, LONGEST_TEMPLATE = 400, 40, 8, 120


def _functions() -> list[tuple[str, int]]:
    return [
        (f"{named(path)}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1)
        for path in sources()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef)
    ]


def _lines(paths: Iterable[Path]) -> dict[str, int]:
    return {named(path): len(path.read_text().splitlines()) for path in paths}


def test_files_stay_under_400_lines() -> None:
    assert not {path: count for path, count in _lines(sources()).items() if count > LONGEST_FILE}


def test_functions_stay_under_40_lines() -> None:
    assert not {name: lines for name, lines in _functions() if lines > LONGEST_FUNCTION}


def test_half_of_the_functions_have_at_most_8_lines() -> None:
    assert median(lines for _, lines in _functions()) <= MEDIAN_FUNCTION


def test_templates_stay_under_120_lines() -> None:
    assert not {path: count for path, count in _lines(templates()).items() if count > LONGEST_TEMPLATE}


def test_no_room_is_over_a_fifth_of_the_house() -> None:
    lines = _lines(sources())
    rooms: Counter[str] = Counter()
    for path, count in lines.items():
        rooms[path.split("/", 1)[0]] += count
    assert not {room: count for room, count in rooms.items() if count > rooms.total() / 5}
